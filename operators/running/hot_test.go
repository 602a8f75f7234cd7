package running_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/weirstream/weir/operators/agg"
	"github.com/weirstream/weir/operators/optest"
	"github.com/weirstream/weir/operators/running"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// hot is an aggregation that is fed on and on.
type hot struct {
	testing.TB
	op       stream.Operator
	pool     *record.Pool
	progress *stream.Progress
	counters stream.Counters
	keys     int
	rows     int64
}

const hotRows = 1024

var hotInput = record.MustSchema(record.Field{Name: "key", Type: record.Int64}, record.Field{Name: "v", Type: record.Int64})

func newHot(t testing.TB, keys int) *hot {
	h := &hot{TB: t, pool: record.NewPool(), progress: stream.NewProgress(1), keys: keys}
	open, _, err := running.New(running.Config{Input: hotInput, Keys: []int{0}, Aggregates: []agg.Call{
		{Name: "n", Function: "count", Column: agg.None, Filter: agg.None},
		{Name: "sum", Function: "sum", Column: 1, Filter: agg.None},
		{Name: "max", Function: "max", Column: 1, Filter: agg.None},
	}})
	if err != nil {
		t.Fatal(err)
	}
	h.op, err = open(stream.OperatorContext{Step: "hot", Pool: h.pool, State: state.NewBackend(keyrange.All), Budget: 4096,
		Progress: h.progress, Counters: &h.counters})
	if err != nil {
		t.Fatal(err)
	}
	for range 4 + 2*keys/hotRows {
		h.batch()
	}
	return h
}

// batch brings a batch and a watermark behind it.
func (h *hot) batch() {
	b := h.pool.NewBatch(hotInput, hotRows)
	for range hotInput.Len() {
		b.Columns = append(b.Columns, h.pool.NewColumn(record.Int64, hotRows))
	}
	b.EventTime = h.pool.NewColumn(record.Timestamp, hotRows)
	for range hotRows {
		h.rows++
		b.Columns[0].AppendInt64(h.rows * 7919 % int64(h.keys))
		b.Columns[1].AppendInt64(h.rows % 1000)
		b.EventTime.AppendInt64(h.rows)
	}
	h.take(stream.BatchOf(b))
	h.progress.Take(0, stream.WatermarkOf(record.Time(h.rows)))
	h.take(stream.WatermarkOf(record.Time(h.rows)))
}

func (h *hot) take(e stream.Element) {
	err := h.op.Step(0, e, h)
	if err == nil {
		err = optest.Resume(h.op, h)
	}
	if err != nil {
		h.Fatal(err)
	}
}

func (h *hot) Full() bool                             { return false }
func (h *hot) Emit(_ stream.Output, e stream.Element) { e.Release() }

// Taking rows in and telling of changes allocates nothing per row.
func TestRunningDoesNotAllocate(t *testing.T) {
	for _, keys := range []int{10, 50_000} {
		h := newHot(t, keys)
		if perRow := testing.AllocsPerRun(50, h.batch) / hotRows; perRow > 0.01 {
			t.Errorf("%d keys: %.4f allocations a row, want at most 0.01", keys, perRow)
		}
	}
}

// BenchmarkRunning is what rows cost of which few, or all, change a result of their own.
func BenchmarkRunning(b *testing.B) {
	for _, keys := range []int{10, 1000, 100_000} {
		b.Run(fmt.Sprintf("keys=%d", keys), func(b *testing.B) {
			h := newHot(b, keys)
			rows, out := h.rows, h.counters.Out.Load()
			b.ReportAllocs()
			for b.Loop() {
				h.batch()
			}
			rows, out = h.rows-rows, h.counters.Out.Load()-out
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(rows), "ns/row")
			b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
			b.ReportMetric(float64(out)/2/float64(rows), "changes/row")
		})
	}
}

func TestErrors(t *testing.T) {
	sum := agg.Call{Name: "sum", Function: "sum", Column: 1, Filter: agg.None}
	_, _, err := running.New(running.Config{Input: hotInput, Keys: []int{0}, Aggregates: []agg.Call{{Name: "key", Function: "sum", Column: 1, Filter: agg.None}}})
	if err == nil || !strings.Contains(err.Error(), "rename a key or an aggregate") {
		t.Errorf("two columns of one name: %v", err)
	}
	open, _, err := running.New(running.Config{Input: hotInput, Aggregates: []agg.Call{sum}})
	if err != nil {
		t.Fatal(err)
	}
	ctx := stream.OperatorContext{State: state.NewBackend(keyrange.All), Inputs: []stream.InputContext{{Changelog: &stream.Changelog{}}}}
	if _, err := open(ctx); err == nil || !strings.Contains(err.Error(), "takes only rows that add") {
		t.Errorf("a changelog: %v", err)
	}
	most := optest.Row{Values: []any{int64(1), int64(1<<63 - 1)}}
	c := optest.Case{New: open, Inputs: []optest.Input{{Schema: hotInput}}, Changelog: running.Config{}.Changelog(), Stream: []optest.Element{optest.Rows(most, most)}}
	if _, err := optest.Run(c); err == nil || !strings.Contains(err.Error(), `aggregate "sum": the sum 18446744073709551614 exceeds the range of int64`) {
		t.Errorf("a sum that is too large: %v", err)
	}
}
