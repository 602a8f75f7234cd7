package state

import (
	"runtime"
	"testing"
	"weak"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state/keyrange"
)

// A Frozen that was released holds on to nothing, even if no row changes any more.
func TestReleasedIsFree(t *testing.T) {
	b := NewBackend(keyrange.All)
	table, err := b.Table(TableSpec{Name: "still", Values: []record.Field{{Name: "n", Type: record.Int64}}})
	if err != nil {
		t.Fatal(err)
	}
	table.Upsert([]uint64{0}, nil, nil, nil, make([]RowID, 1), nil)
	f := b.Freeze(1)
	frozen := weak.Make(f.tables[0])
	f.Release()
	b.Release()
	runtime.GC()
	if frozen.Value() != nil {
		t.Error("the rows as they were are held behind Release")
	}
	runtime.KeepAlive(b)
}
