package state

import (
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state/keyrange"
)

// Rows that all have one hash, as those without a key, are taken in passes as others are.
func TestPassesOfOneHash(t *testing.T) {
	defer func(was int) { passBytes = was }(passBytes)
	passBytes = 4 << 10
	b := NewBackend(keyrange.All)
	table, err := b.Table(TableSpec{Name: "values", Sub: []record.Field{{Name: "value", Type: record.Int64}}})
	if err != nil {
		t.Fatal(err)
	}
	const rows = 10_000
	values := record.NewPool().NewColumn(record.Int64, rows)
	for i := range rows {
		values.AppendInt64(int64(i))
	}
	table.Upsert(make([]uint64, rows), nil, []*record.Column{values}, nil, make([]RowID, rows), nil)
	f := b.Freeze(1)
	defer f.Release()
	frozen, buffer, all := f.tables[0], b.pool.takeBuffer(), 0
	for pass := range frozen.passes.count() {
		buffer.reset()
		frozen.take(pass, buffer)
		if n := len(buffer.rows); n == 0 || n > rows/mostPasses*2 {
			t.Errorf("pass %d takes %d rows of %d", pass, n, rows)
		}
		all += len(buffer.rows)
	}
	if all != rows || frozen.passes.count() != mostPasses {
		t.Errorf("%d passes take %d rows, of %d", frozen.passes.count(), all, rows)
	}
}
