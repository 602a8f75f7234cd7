package window

import (
	"slices"

	"github.com/weirstream/weir/runtime/ints"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/watermark"
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
	own        []int64  // the watermark of the row's split before it, by position; nil: none is behind it
	watermarks []int64  // own, or what is above it of the row's range of keys
	fired      int64    // the watermark that this operator has fired

	late   []int32 // positions of rows that are late for all of their windows
	partly []int32 // of those that are late for some
	pairs  int64   // (row, window) pairs that were late
	by     int64   // µs by which the latest of them missed the window that it missed first
	merges int64   // session rows that counted, though behind their watermark

	raised []int64 // scratch
}

// load takes in a batch. Ranges of keys may have fired further than the operator.
func (a *arrival) load(b *record.Batch, keys []int, fired record.Time, ranges watermark.Ranges) {
	a.batch, a.fired, a.own = b, int64(fired), nil
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
		a.own = b.RowWatermark.Int64s()
	}
	a.watermarks = a.own
	if len(ranges) > 0 {
		a.raise(ranges)
	}
	a.late, a.partly, a.pairs, a.by, a.merges = a.late[:0], a.partly[:0], 0, 0, 0
}

// raise has the watermarks of rows be no less than that of their range of keys.
func (a *arrival) raise(ranges watermark.Ranges) {
	a.watermarks = resize(&a.raised, len(a.times))
	for k, i := range a.rows {
		a.watermarks[i] = int64(ranges.Of(a.hashes[k]))
		if a.own != nil {
			a.watermarks[i] = max(a.watermarks[i], a.own[i])
		}
	}
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
	watermark := a.watermark(i)
	if a.own != nil && a.own[i] >= until {
		watermark = a.own[i]
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
