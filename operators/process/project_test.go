package process

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/weirstream/weir/operators/expr"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

var flights = record.MustSchema(
	record.Field{Name: "origin", Type: record.String},
	record.Field{Name: "delay", Type: record.Int64},
	record.Field{Name: "hours", Type: record.Float64},
	record.Field{Name: "at", Type: record.Timestamp},
)

// collector is an emitter that keeps what it is given.
type collector struct {
	emitted map[stream.Output][]stream.Element
}

func (c *collector) Emit(output stream.Output, e stream.Element) {
	if c.emitted == nil {
		c.emitted = map[stream.Output][]stream.Element{}
	}
	c.emitted[output] = append(c.emitted[output], e)
}

func (c *collector) Full() bool { return false }

func (c *collector) release() {
	for _, list := range c.emitted {
		for _, e := range list {
			e.Release()
		}
	}
}

// draw writes what an output got, a row a line.
func (c *collector) draw(output stream.Output) string {
	var lines []string
	for _, e := range c.emitted[output] {
		if e.Kind != stream.KindBatch {
			lines = append(lines, e.String())
			continue
		}
		if e.Batch.Len() == 0 {
			lines = append(lines, "a batch without rows")
		}
		for _, row := range selected(e.Batch) {
			lines = append(lines, string(stream.AppendRow(nil, e.Batch, int(row))))
		}
	}
	return strings.Join(lines, "\n")
}

func selected(b *record.Batch) []int32 {
	if rows := b.Selection(); rows != nil {
		return rows
	}
	rows := []int32{}
	for i := range b.Physical() {
		rows = append(rows, int32(i))
	}
	return rows
}

func condition(t testing.TB, text string) *expr.Checked {
	t.Helper()
	e, errs := expr.Parse(text)
	if errs == nil {
		var checked *expr.Checked
		if checked, errs = expr.CheckCondition(e, flights); errs == nil {
			return checked
		}
	}
	t.Fatalf("%s: %v", text, errs)
	return nil
}

func columns(t testing.TB, items ...string) []Column {
	t.Helper()
	list := []Column{}
	for _, text := range items {
		item, errs := expr.ParseSelectItem(text)
		if errs != nil {
			t.Fatalf("%s: %v", text, errs)
		}
		checked, errs := expr.Check(item.Expr, flights)
		if errs != nil {
			t.Fatalf("%s: %v", text, errs)
		}
		list = append(list, Column{item.Name, checked})
	}
	return list
}

func open(t testing.TB, c Config, pool *record.Pool) (stream.Operator, *stream.Counters) {
	t.Helper()
	c.Input = flights
	newOperator, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	counters := &stream.Counters{}
	op, err := newOperator(stream.OperatorContext{Step: "late_flights", Pool: pool, Budget: 1, Counters: counters, Rejects: &stream.Rejects{}})
	if err != nil {
		t.Fatal(err)
	}
	return op, counters
}

// departures returns five rows, the delay of the fourth NULL, with event times.
func departures(pool *record.Pool) *record.Batch {
	b := pool.NewBatch(flights, 5)
	origin, delay := pool.NewColumn(record.String, 5), pool.NewColumn(record.Int64, 5)
	hours, at := pool.NewColumn(record.Float64, 5), pool.NewColumn(record.Timestamp, 5)
	for i, code := range []string{"JFK", "LGA", "EWR", "JFK", "LGA"} {
		origin.AppendString([]byte(code))
		if i == 3 {
			delay.AppendNull()
		} else {
			delay.AppendInt64(int64(i*10 - 10))
		}
		hours.AppendFloat64(float64(i) / 2)
		at.AppendTime(record.Time(1_356_998_400_000_000 + i*3_600_000_000))
	}
	b.Columns = append(b.Columns, origin, delay, hours, at)
	b.EventTime = at.Retain()
	return b
}

func base64Of(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

func drawCounters(c *stream.Counters) string {
	v := c.Values()
	return fmt.Sprintf("in %d = accepted %d + dropped %d + dead %d; out %d", v.In, v.Accepted, v.Dropped, v.DeadLetters, v.Out)
}

// TestProject steps one batch through configurations of every kind.
func TestProject(t *testing.T) {
	for _, c := range []struct {
		name, where string
		columns     []string
		onError     stream.OnError
		selection   []int32
		main, dead  string
		counters    string
	}{
		{
			name: "filter only: the columns of the input", where: "delay > 0",
			main: `{"origin":"EWR","delay":10,"hours":1,"at":"2013-01-01T02:00:00Z"}` + "\n" +
				`{"origin":"LGA","delay":30,"hours":2,"at":"2013-01-01T04:00:00Z"}`,
			counters: "in 5 = accepted 5 + dropped 0 + dead 0; out 2",
		},
		{
			name: "filter and project a selection", where: "delay IS NULL OR delay < 30", selection: []int32{1, 3, 4},
			columns:  []string{"delay", "coalesce(delay, 0) + 1 AS more"},
			main:     `{"delay":0,"more":1}` + "\n" + `{"delay":null,"more":1}`,
			counters: "in 3 = accepted 3 + dropped 0 + dead 0; out 2",
		},
		{
			name: "nothing is left", where: "origin = 'SFO'",
			counters: "in 5 = accepted 5 + dropped 0 + dead 0; out 0",
		},
		{
			name: "failures are dropped, of the condition and of columns", onError: stream.Drop,
			where:    "100 / delay < 50", // fails on row 1, NULL on row 3
			columns:  []string{"10 / (delay - 10) AS a", "1 / (delay + 10) AS b"},
			main:     `{"a":0,"b":0}`,
			counters: "in 5 = accepted 2 + dropped 3 + dead 0; out 1",
		},
		{
			name: "failures go to the dead letters", onError: stream.ToDeadLetter, selection: []int32{0, 1, 2},
			where: "100 / delay < 50", columns: []string{"10 / (delay - 10) AS a"},
			main: `{"a":0}`,
			dead: `{"step":"late_flights","position":"event time 2013-01-01T01:00:00Z","error":"where: 100 / delay: division by zero",` +
				`"raw":"` + base64Of(`{"origin":"LGA","delay":0,"hours":0.5,"at":"2013-01-01T01:00:00Z"}`) +
				`","kind":"row","event_time":"2013-01-01T01:00:00Z","header":null}` + "\n" +
				`{"step":"late_flights","position":"event time 2013-01-01T02:00:00Z","error":"a: 10 / (delay - 10): division by zero",` +
				`"raw":"` + base64Of(`{"origin":"EWR","delay":10,"hours":1,"at":"2013-01-01T02:00:00Z"}`) +
				`","kind":"row","event_time":"2013-01-01T02:00:00Z","header":null}`,
			counters: "in 3 = accepted 1 + dropped 0 + dead 2; out 1",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			pool, out := record.NewCheckedPool(), &collector{}
			config := Config{OnError: c.onError}
			if c.where != "" {
				config.Where = condition(t, c.where)
			}
			if c.columns != nil {
				config.Columns = columns(t, c.columns...)
			}
			op, counters := open(t, config, pool)
			b := departures(pool)
			if c.selection != nil {
				b = b.Select(c.selection)
			}
			if err := op.Step(0, stream.BatchOf(b), out); err != nil {
				t.Fatal(err)
			}
			if got := out.draw(stream.Main); got != c.main {
				t.Errorf("main:\n%s\nwant:\n%s", got, c.main)
			}
			if got := out.draw(stream.DeadLetter); got != c.dead {
				t.Errorf("dead letters:\n%s\nwant:\n%s", got, c.dead)
			}
			if got := drawCounters(counters); got != c.counters {
				t.Errorf("%s, want %s", got, c.counters)
			}
			finish(t, op, out, pool)
		})
	}
}

func finish(t *testing.T, op stream.Operator, out *collector, pool *record.Pool) {
	t.Helper()
	out.release()
	op.Close()
	if err := pool.Check(); err != nil {
		t.Error(err)
	}
}

func TestFail(t *testing.T) {
	pool, out := record.NewCheckedPool(), &collector{}
	op, _ := open(t, Config{Columns: columns(t, "origin", "1 / delay AS inverse")}, pool)
	err := op.Step(0, stream.BatchOf(departures(pool)), out)
	want := `inverse: 1 / delay: row {"origin":"LGA","delay":0,"hours":0.5,"at":"2013-01-01T01:00:00Z"}: ` +
		`1 / delay: division by zero; on_error: drop or dead_letter would continue without the row`
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	finish(t, op, out, pool)
}

// TestPassesOn: elements that are no batches pass, and so does a batch where
// there is nothing to do, as in a union.
func TestPassesOn(t *testing.T) {
	pool, out := record.NewCheckedPool(), &collector{}
	op, counters := open(t, Config{}, pool)
	for _, e := range []stream.Element{
		stream.BatchOf(departures(pool).Select([]int32{4})), stream.WatermarkOf(5), stream.Idle, stream.End,
	} {
		if err := op.Step(0, e, out); err != nil {
			t.Fatal(err)
		}
	}
	want := `{"origin":"LGA","delay":30,"hours":2,"at":"2013-01-01T04:00:00Z"}` + "\nwatermark(1970-01-01T00:00:00.000005Z)\nidle\nend"
	if got := out.draw(stream.Main); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := drawCounters(counters); got != "in 1 = accepted 1 + dropped 0 + dead 0; out 1" {
		t.Error(got)
	}
	finish(t, op, out, pool)
}

// TestShares: a column that is passed on and the hidden slots are the very same.
func TestShares(t *testing.T) {
	pool, out := record.NewCheckedPool(), &collector{}
	op, _ := open(t, Config{Where: condition(t, "delay > 0"), Columns: columns(t, "hours", "origin AS code")}, pool)
	b := departures(pool)
	b.RowWatermark = b.EventTime.Retain()
	if err := op.Step(0, stream.BatchOf(b.Retain()), out); err != nil {
		t.Fatal(err)
	}
	got := out.emitted[stream.Main][0].Batch
	if got.Columns[0] != b.Columns[2] || got.Columns[1] != b.Columns[0] || got.EventTime != b.EventTime || got.RowWatermark != b.RowWatermark {
		t.Error("columns were copied")
	}
	if b.Selection() != nil {
		t.Error("a batch that somebody else holds was changed")
	}
	b.Release()
	finish(t, op, out, pool)
}

func TestConfigErrors(t *testing.T) {
	if _, err := New(Config{Input: flights, Columns: columns(t, "delay", "hours AS delay")}); err == nil ||
		err.Error() != `duplicate column "delay"` {
		t.Errorf("two columns of one name: %v", err)
	}
	where := columns(t, "delay")[0].Expr
	if _, err := New(Config{Input: flights, Where: where}); err == nil || err.Error() != "where: delay is int64, not a condition" {
		t.Errorf("a condition that is none: %v", err)
	}
}

// discard is an emitter that releases what it is given.
type discard struct{}

func (discard) Emit(_ stream.Output, e stream.Element) { e.Release() }
func (discard) Full() bool                             { return false }

func fullBatch(pool *record.Pool) *record.Batch {
	b := pool.NewBatch(flights, 1024)
	for _, f := range flights.Fields() {
		c := pool.NewColumn(f.Type, 1024)
		for i := range 1024 {
			switch f.Type {
			case record.String:
				c.AppendString([]byte("JFK"))
			case record.Float64:
				c.AppendFloat64(float64(i))
			default:
				c.AppendInt64(int64(i % 60))
			}
		}
		b.Columns = append(b.Columns, c)
	}
	b.EventTime = b.Columns[3].Retain()
	return b
}

func hotConfig(t testing.TB) Config {
	return Config{
		Where: condition(t, "delay IS NOT NULL AND delay > 20 AND origin <> 'LGA'"),
		Columns: columns(t, "origin", "at", "delay * 60 AS seconds", "hours / 24 AS days",
			"CASE WHEN delay > 30 THEN 'late' ELSE origin END AS kind"),
	}
}

// TestNoAllocationPerRow bounds what a full batch costs at 0.01 allocations a row.
func TestNoAllocationPerRow(t *testing.T) {
	pool := record.NewPool()
	op, _ := open(t, hotConfig(t), pool)
	b := fullBatch(pool)
	step := func() {
		if err := op.Step(0, stream.BatchOf(b.Retain()), discard{}); err != nil {
			t.Fatal(err)
		}
	}
	step()
	if n := testing.AllocsPerRun(50, step); n/1024 > 0.01 {
		t.Errorf("%v allocations a batch", n)
	}
	b.Release()
	if err := pool.Check(); err != nil {
		t.Error(err)
	}
}

func BenchmarkProject(b *testing.B) {
	pool := record.NewPool()
	op, _ := open(b, hotConfig(b), pool)
	batch := fullBatch(pool)
	b.ReportAllocs()
	for b.Loop() {
		if err := op.Step(0, stream.BatchOf(batch.Retain()), discard{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1024, "ns/row")
}
