package optest

import (
	"math/rand/v2"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/recordtest"
)

// Disguise returns a batch of the same rows, with columns that are dictionaries or,
// of a single row, constants, and, between the rows, others that are not selected.
// It takes over b.
func Disguise(b *record.Batch, random *rand.Rand) *record.Batch {
	pool, n := b.Pool(), b.Physical()
	twice := make([]int32, 0, 2*n+1)
	selected := make([]int32, 0, n)
	for i := range n {
		twice = append(twice, int32(n-1-i), int32(i))
		selected = append(selected, int32(2*i+1))
	}
	d := pool.NewBatch(b.Schema, 2*n)
	for _, c := range b.Columns {
		if n == 1 {
			d.Columns = append(d.Columns, recordtest.Constant(pool, random, c, 2))
		} else {
			d.Columns = append(d.Columns, recordtest.Dictionary(pool, c, twice))
		}
	}
	d.EventTime = b.EventTime.Gather(twice)
	if b.RowWatermark != nil {
		d.RowWatermark = b.RowWatermark.Gather(twice)
	}
	if b.RowKinds != nil {
		d.RowKinds = b.RowKinds.Gather(twice)
	}
	b.Release()
	return d.Select(selected)
}
