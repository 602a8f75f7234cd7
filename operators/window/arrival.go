package window

import (
	"slices"

	"github.com/weirstream/weir/runtime/ints"
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
	partly []int32 // of those that are late for some
	pairs  int64   // (row, window) pairs that were late
	by     int64   // µs by which the latest of them missed the window that it missed first
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
	a.late, a.partly, a.pairs, a.by, a.merges = a.late[:0], a.partly[:0], 0, 0, 0
}

// watermark returns the watermark that decides whether the row at a position is late.
func (a *arrival) watermark(i int32) int64 {
	if a.watermarks == nil {
		return a.fired
	}
	return max(a.fired, a.watermarks[i])
}

// missed notes that the row at a position was late for windows, of which the first took
// rows in as long as their watermark was below until. By how much goes by the row's own
// watermark, if that is why it is late: it does not depend on what was read when.
func (a *arrival) missed(i int32, windows, until int64) {
	a.pairs += windows
	watermark := a.fired
	if a.watermarks != nil && a.watermarks[i] >= until {
		watermark = a.watermarks[i]
	}
	a.by = max(a.by, ints.SaturatingAdd(ints.SaturatingAdd(watermark, 1), -until))
}

// anyLate returns the positions of rows that are late for a window, in their order.
func (a *arrival) anyLate() []int32 {
	if len(a.partly) > 0 {
		a.late = append(a.late, a.partly...)
		slices.Sort(a.late)
	}
	return a.late
}
