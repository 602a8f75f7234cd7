package window_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/weirstream/weir/operators/agg"
	"github.com/weirstream/weir/operators/window"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// BenchmarkManySessions takes rows into so many open sessions of one key, which they
// extend or are within: rows that are out of order by up to 64 sessions, and rows of
// any of them.
func BenchmarkManySessions(b *testing.B) {
	near := func(row, open int) int { return (row/1024 + row*7919%64) % open }
	anywhere := func(row, open int) int { return row * 7919 % open }
	for _, open := range []int{1, 10, 50_000} {
		b.Run(fmt.Sprintf("open=%d/near", open), func(b *testing.B) { benchmarkSessions(b, open, near) })
		b.Run(fmt.Sprintf("open=%d/anywhere", open), func(b *testing.B) { benchmarkSessions(b, open, anywhere) })
	}
}

func benchmarkSessions(b *testing.B, open int, session func(row, open int) int) {
	op, pool := countSessions(b), record.NewPool()
	take := func(first int, session func(row, open int) int) {
		batch := pool.NewBatch(countInput, batchRows)
		batch.Columns = append(batch.Columns, pool.NewConstant(record.Int64, batchRows))
		batch.Columns[0].AppendInt64(7)
		batch.EventTime = pool.NewColumn(record.Timestamp, batchRows)
		for row := first; row < first+batchRows; row++ {
			batch.EventTime.AppendInt64(int64(session(row, open))*10_000_000 + int64(row)%1000)
		}
		if err := op.Step(0, stream.BatchOf(batch), nil); err != nil {
			b.Fatal(err)
		}
	}
	row := 0
	for ; row < open; row += batchRows {
		take(row, func(row, open int) int { return row % open })
	}
	b.ReportAllocs()
	for b.Loop() {
		take(row, session)
		row += batchRows
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*batchRows), "ns/row")
}

const batchRows = 1024

var countInput = record.MustSchema(record.Field{Name: "key", Type: record.Int64})

// countSessions returns an operator that counts the rows of sessions by key.
func countSessions(t testing.TB) stream.Operator {
	open, _, err := window.New(window.Config{Input: countInput, Keys: []int{0}, Shape: window.Session{Gap: time.Second},
		Aggregates: []agg.Call{{Name: "n", Function: "count", Column: agg.None, Filter: agg.None}}})
	if err != nil {
		t.Fatal(err)
	}
	op, err := open(stream.OperatorContext{Step: "many", Pool: record.NewPool(), State: state.NewBackend(keyrange.All), Budget: 1024,
		Counters: &stream.Counters{}})
	if err != nil {
		t.Fatal(err)
	}
	return op
}
