package expr

import (
	"math/rand/v2"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/calendar"
)

// timeBatch returns a full batch whose column t holds times of twenty years: those
// of one after the other, a minute apart, or at random; s holds them as text.
func timeBatch(pool *record.Pool, rows int, random bool) *record.Batch {
	b := numberBatch(pool, rows)
	r := rand.New(rand.NewPCG(7, 7))
	times := b.Columns[testSchema.Index("t")].Int64s()
	texts := pool.NewColumn(record.String, rows)
	for i := range times {
		times[i] = 1_356_998_400*calendar.MicrosPerSecond + int64(i)*calendar.MicrosPerMinute
		if random {
			times[i] = 1_000_000_000*calendar.MicrosPerSecond + r.Int64N(20*365)*calendar.MicrosPerDay + r.Int64N(calendar.MicrosPerDay)
		}
		texts.AppendString(record.AppendTime(nil, record.Time(times[i]/calendar.MicrosPerSecond*calendar.MicrosPerSecond)))
	}
	b.Columns[testSchema.Index("s")].Release()
	b.Columns[testSchema.Index("s")] = texts
	return b
}

var timeTexts = []string{
	"t + INTERVAL '90' MINUTE", "t + INTERVAL (i) SECOND", "t + INTERVAL '1' MONTH", "t - TIMESTAMP '2013-01-01' > INTERVAL '1' DAY",
	"date_trunc('hour', t)", "date_trunc('week', t)", "date_trunc('month', t)", "time_bucket(INTERVAL '15' MINUTE, t)",
	"EXTRACT(hour FROM t)", "EXTRACT(doy FROM t)", "EXTRACT(week FROM t)", "EXTRACT(epoch FROM t)",
	"date_trunc('hour', t, 'Europe/Berlin')", "date_trunc('day', t, 'Europe/Berlin')", "EXTRACT(hour FROM t AT TIME ZONE 'Europe/Berlin')",
	"t AT TIME ZONE 'Europe/Berlin' AT TIME ZONE 'Asia/Tokyo'", "timestampdiff(MONTH, TIMESTAMP '2013-01-01', t)",
	"date_diff('day', TIMESTAMP '2013-01-01', t)",
	"date_format(t, '%Y-%m-%d %H:%M:%S')", "date_format(t, '%d/%b/%Y %H:%M %z', 'Europe/Berlin')",
	"CAST(t AT TIME ZONE 'Europe/Berlin' AS string)",
	"to_timestamp(s)", "to_timestamp(s, '%Y-%m-%dT%H:%M:%SZ')", "to_timestamp(s, '%Y-%m-%dT%H:%M:%SZ', 'Europe/Berlin')",
	"epoch_ms(i)", "to_timestamp(f)",
}

// TestNoAllocationsForTimes: as TestNoAllocations.
func TestNoAllocationsForTimes(t *testing.T) {
	pool := record.NewPool()
	b := timeBatch(pool, 1024, true)
	defer b.Release()
	for _, text := range timeTexts {
		checkNoAllocations(t, text, b)
	}
}

func BenchmarkTimes(b *testing.B) {
	for _, text := range timeTexts {
		for name, random := range map[string]bool{"ascending": false, "random": true} {
			b.Run(text+"/"+name, func(b *testing.B) {
				pool := record.NewPool()
				batch := timeBatch(pool, 1024, random)
				defer batch.Release()
				program := mustCheck(b, text, testSchema).Compile(pool)
				for b.Loop() {
					c, _ := program.Eval(batch, nil)
					c.Release()
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1024, "ns/row")
			})
		}
	}
}
