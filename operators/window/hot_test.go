package window_test

import (
	"slices"
	"testing"
	"time"

	"github.com/weirstream/weir/operators/optest"
	"github.com/weirstream/weir/operators/window"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/calendar"
	"github.com/weirstream/weir/runtime/record/timezone"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

var hotConfigs = []struct {
	name   string
	config window.Config
}{
	{"tumble", window.Config{Keys: []int{2}, Shape: window.Tumble(time.Hour, 0), Aggregates: delayAggregates}},
	{"hop", window.Config{Keys: []int{2, 0}, Shape: window.Hop{Size: 6 * time.Hour, Slide: time.Hour}, Aggregates: delayAggregates}},
	{"calendar", window.Config{Keys: []int{2}, Shape: window.Calendar{Period: calendar.Period{Days: 1}, Zone: zoneOf("America/New_York")},
		Aggregates: delayAggregates}},
	{"session", window.Config{Keys: []int{1}, Shape: window.Session{Gap: 8 * time.Hour}, Aggregates: distanceAggregates}},
}

func zoneOf(name string) *timezone.Zone {
	z, err := timezone.Load(name)
	if err != nil {
		panic(err)
	}
	return z
}

// hot returns an operator and January in batches of 1,024 rows, none of them late.
func hot(t testing.TB, c window.Config) (stream.Operator, []*record.Batch, int) {
	rows, pool := january(t), record.NewPool()
	c.Input = flightsInput
	open, _, err := window.New(c)
	if err != nil {
		t.Fatal(err)
	}
	op, err := open(stream.OperatorContext{Step: "hot", Pool: pool, State: state.NewBackend(keyrange.All), Budget: 1024,
		Counters: &stream.Counters{}})
	if err != nil {
		t.Fatal(err)
	}
	var batches []*record.Batch
	for batch := range slices.Chunk(rows, 1024) {
		batches = append(batches, optest.Batch(pool, flightsInput, batch))
	}
	return op, batches, len(rows)
}

// january returns the rows of January, which are read once.
func january(t testing.TB) []optest.Row {
	if len(januaryRows) == 0 {
		januaryRows = flights(t, 30*24*time.Hour)
	}
	return januaryRows
}

var januaryRows []optest.Row

func takeIn(t testing.TB, op stream.Operator, batches []*record.Batch) {
	for _, b := range batches {
		if err := op.Step(0, stream.BatchOf(b.Retain()), nil); err != nil {
			t.Fatal(err)
		}
	}
}

// Taking rows into groups allocates nothing per row.
func TestUpdateDoesNotAllocate(t *testing.T) {
	for _, c := range hotConfigs {
		t.Run(c.name, func(t *testing.T) {
			op, batches, rows := hot(t, c.config)
			if perRow := testing.AllocsPerRun(3, func() { takeIn(t, op, batches) }) / float64(rows); perRow > 0.01 {
				t.Errorf("%.4f allocations a row, want at most 0.01", perRow)
			}
		})
	}
}

// BenchmarkUpdate takes January into groups that are there already.
func BenchmarkUpdate(b *testing.B) {
	for _, c := range hotConfigs {
		b.Run(c.name, func(b *testing.B) {
			op, batches, rows := hot(b, c.config)
			takeIn(b, op, batches)
			b.ReportAllocs()
			for b.Loop() {
				takeIn(b, op, batches)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*rows), "ns/row")
		})
	}
}

// BenchmarkFire takes January in with a watermark a day behind after each batch,
// which fires everything in the end.
func BenchmarkFire(b *testing.B) {
	for _, c := range hotConfigs {
		b.Run(c.name, func(b *testing.B) {
			out := discard{}
			for b.Loop() {
				b.StopTimer()
				op, batches, _ := hot(b, c.config)
				split := optest.Split{Delay: 24 * time.Hour}
				b.StartTimer()
				for _, batch := range batches {
					for _, t := range batch.EventTime.Int64s() {
						split.Next(record.Time(t))
					}
					takeIn(b, op, []*record.Batch{batch})
					fire(b, op, split.Watermark(), &out)
				}
				fire(b, op, record.MaxTime, &out)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(out.rows), "ns/result")
		})
	}
}

func fire(b *testing.B, op stream.Operator, watermark record.Time, out *discard) {
	if err := op.Step(0, stream.WatermarkOf(watermark), out); err != nil {
		b.Fatal(err)
	}
	if err := optest.Resume(op, out); err != nil {
		b.Fatal(err)
	}
}

// discard counts rows and gives batches back.
type discard struct{ rows int }

func (d *discard) Full() bool { return false }

func (d *discard) Emit(_ stream.Output, e stream.Element) {
	if e.Batch != nil {
		d.rows += e.Batch.Len()
	}
	e.Release()
}
