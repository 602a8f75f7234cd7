package statetest

import (
	"math"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
)

// dropBuckets deletes the rows of a table up to a bucket, and says that they are gone.
func (d *driver) dropBuckets(table int) {
	if !tables[table].Bucketed {
		return
	}
	until := d.value(record.Int64).(int64)
	for _, s := range d.subtasks {
		t := s.tables[table]
		for r := t.Scan(0); r != state.NoRow; r = t.Scan(r + 1) {
			if bucket(t, r) <= until {
				d.delete(s, table, r)
			}
		}
		t.DropBuckets(until)
	}
}

func bucket(t *state.Table, r state.RowID) int64 {
	if t.SubIsNull(r) {
		return math.MinInt64
	}
	return t.Sub().Get(r)
}
