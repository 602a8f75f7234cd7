package window

import (
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state/keyrange"
)

// An arrival is a batch on its way into windows, which note what became of its
// rows and may change the lists of rows as they like.
type arrival struct {
	batch      *record.Batch
	keys       []*record.Column
	rows       []int32  // positions of the rows that count
	hashes     []uint64 // the key hash of each of rows
	times      []int64  // event time, by position
	watermarks []int64  // the watermark of the row's split before it, by position; nil: none is behind it
	fired      int64    // the watermark that this operator has fired

	late   []int32 // positions of rows that are late for all of their windows
	pairs  int64   // (row, window) pairs that were late
	merges int64   // session rows that counted, though behind their watermark
}

// load takes in a batch.
func (a *arrival) load(b *record.Batch, keys []int, fired record.Time) {
	a.batch, a.fired, a.watermarks = b, int64(fired), nil
	a.keys = a.keys[:0]
	for _, k := range keys {
		a.keys = append(a.keys, b.Columns[k])
	}
	a.rows = append(a.rows[:0], b.Selection()...)
	if b.Selection() == nil {
		for i := range b.Physical() {
			a.rows = append(a.rows, int32(i))
		}
	}
	a.hashes = keyrange.Hash(a.hashes[:0], a.keys, b.Selection(), b.Physical())
	a.times = b.EventTime.Int64s()
	if b.RowWatermark != nil {
		a.watermarks = b.RowWatermark.Int64s()
	}
	a.late, a.pairs, a.merges = a.late[:0], 0, 0
}

// watermark returns the watermark that decides whether the row at a position is late.
func (a *arrival) watermark(i int32) int64 {
	if a.watermarks == nil {
		return a.fired
	}
	return max(a.fired, a.watermarks[i])
}
