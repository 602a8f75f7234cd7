package state_test

import (
	"fmt"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// BenchmarkSeek finds one of the rows of a key, goes on to the next one, and moves
// it a little, among as many rows of other keys as it takes for 50,000 in all.
func BenchmarkSeek(b *testing.B) {
	const rows = 50_000
	for _, perKey := range []int{1, 10, rows} {
		b.Run(fmt.Sprintf("rows=%d", perKey), func(b *testing.B) {
			table := open(b, state.NewBackend(keyrange.All), state.TableSpec{
				Name: "ends", Multi: true, Key: []record.Field{{Name: "n", Type: record.Int64}},
				Sub: []record.Field{{Name: "end", Type: record.Int64}}})
			pool := record.NewPool()
			key, end := pool.NewColumn(record.Int64, rows), pool.NewColumn(record.Int64, rows)
			for i := range rows {
				key.AppendInt64(int64(i / perKey))
				end.AppendInt64(int64(i*7919%rows) * 10)
			}
			keys := []*record.Column{key}
			hashes := keyrange.Hash(nil, keys, nil, rows)
			made := make([]state.RowID, rows)
			table.Insert(hashes, keys, []*record.Column{end}, nil, made)
			var at state.Cursor
			table.LoadKeys(hashes, keys, nil)
			b.ReportAllocs()
			for i := 0; b.Loop(); i = (i + 7907) % rows {
				at = state.FromInt64(at[:0], end.Int64s()[i])
				r := table.Seek(i, at)
				table.Next(r)
				table.SetSub(r, end.Int64s()[i]+int64(i&7))
			}
			b.ReportMetric(float64(table.Bytes())/rows, "state-B/row")
		})
	}
}
