package join_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/weirstream/weir/operators/join"
	"github.com/weirstream/weir/operators/optest"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// hot is a join that is fed on and on: a batch of each side covers a second, in which
// every key has the same number of rows.
type hot struct {
	testing.TB
	op       stream.Operator
	pool     *record.Pool
	progress *stream.Progress
	counters stream.Counters
	keys     int
	time     int64
	rows     int64
}

const hotRows = 1024

var hotSchema = record.MustSchema(record.Field{Name: "key", Type: record.Int64}, record.Field{Name: "v", Type: record.Int64})

// newHot returns a join of rows that are up to five seconds apart.
func newHot(t testing.TB, keys int) *hot {
	h := &hot{TB: t, pool: record.NewPool(), progress: stream.NewProgress(2), keys: keys}
	side := join.Side{Schema: hotSchema, Keys: []int{0}}
	open, err := join.New(join.Config{Left: side, Right: side, Until: 5 * time.Second, Output: record.MustSchema(
		record.Field{Name: "key", Type: record.Int64}, record.Field{Name: "v", Type: record.Int64},
		record.Field{Name: "key2", Type: record.Int64}, record.Field{Name: "v2", Type: record.Int64})})
	if err != nil {
		t.Fatal(err)
	}
	h.op, err = open(stream.OperatorContext{Step: "hot", Pool: h.pool, State: state.NewBackend(keyrange.All), Budget: 4096,
		Progress: h.progress, Counters: &h.counters})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// second brings a second of both sides, and watermarks behind it.
func (h *hot) second() {
	for in := range stream.InputID(2) {
		b := h.pool.NewBatch(hotSchema, hotRows)
		for range hotSchema.Len() {
			b.Columns = append(b.Columns, h.pool.NewColumn(record.Int64, hotRows))
		}
		b.EventTime = h.pool.NewColumn(record.Timestamp, hotRows)
		for i := range int64(hotRows) {
			b.Columns[0].AppendInt64(i * 7919 % int64(h.keys))
			b.Columns[1].AppendInt64(i)
			b.EventTime.AppendInt64(h.time + i*1e6/hotRows)
		}
		h.take(in, stream.BatchOf(b))
		h.rows += hotRows
	}
	h.time += 1e6
	for in := range stream.InputID(2) {
		h.progress.Take(in, stream.WatermarkOf(record.Time(h.time)))
		h.take(in, stream.WatermarkOf(record.Time(h.time)))
	}
}

func (h *hot) take(in stream.InputID, e stream.Element) {
	err := h.op.Step(in, e, h)
	if err == nil {
		err = optest.Resume(h.op, h)
	}
	if err != nil {
		h.Fatal(err)
	}
}

func (h *hot) Full() bool                             { return false }
func (h *hot) Emit(_ stream.Output, e stream.Element) { e.Release() }

// Taking rows in, pairing and cleaning up allocate nothing per row, and nothing per pair
// where the pairs of a batch do not fit the budget.
func TestJoinDoesNotAllocate(t *testing.T) {
	for _, keys := range []int{hotRows, hotRows / 16} {
		h := newHot(t, keys)
		for range 20 {
			h.second()
		}
		if perRow := testing.AllocsPerRun(20, h.second) / (2 * hotRows); perRow > 0.01 {
			t.Errorf("%d keys: %.4f allocations a row, want at most 0.01", keys, perRow)
		}
	}
}

// BenchmarkJoin is what rows and pairs cost where a key has so many rows a second on
// each side.
func BenchmarkJoin(b *testing.B) {
	for _, keys := range []int{hotRows, hotRows / 16, hotRows / 128} {
		b.Run(fmt.Sprintf("rows=%d", hotRows/keys), func(b *testing.B) {
			h := newHot(b, keys)
			for range 20 {
				h.second()
			}
			rows, pairs := h.rows, h.counters.Out.Load()
			b.ReportAllocs()
			for b.Loop() {
				h.second()
			}
			rows, pairs = h.rows-rows, h.counters.Out.Load()-pairs
			ns := float64(b.Elapsed().Nanoseconds())
			b.ReportMetric(ns/float64(rows), "ns/row")
			b.ReportMetric(ns/float64(max(1, pairs)), "ns/pair")
			b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
