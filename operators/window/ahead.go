package window

import (
	"fmt"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/watermark"
	"github.com/weirstream/weir/state"
)

// ahead is the ranges of keys that have fired further than the watermark of an operator,
// which has restored them from several subtasks.
type ahead struct {
	ranges watermark.Ranges
	// firing: what was due in a range at its watermark may not all have left. It leaves
	// first: where inputs are idle, the operator may never come to that watermark again.
	firing bool
	until  []rangeReach // of ranges
}

// A reach is how far windows are to fire.
type reach struct {
	until  int64        // groups are due whose time in their table is that or before
	ranges []rangeReach // if there are any: and that of the range of their key or before
}

// rangeReach is the reach in keys whose hash is last or less and in none of the ranges before.
type rangeReach struct {
	last  uint64
	until int64
}

// watermarkCell holds the watermarks of keys, as [watermark.AppendRanges] has them.
const watermarkCell = "watermark"

// restore begins with the least watermark of the subtasks that the state comes from. They
// differ where some subtasks had seen all inputs idle, or a barrier overtook a watermark.
// What is due, of each in its own range, and has not left is still in the tables, and
// leaves now.
func (o *operator) restore() (err error) {
	if o.watermark, o.ahead.ranges, err = watermark.RestoreRanges(o.State.Range(), o.State.Cells(watermarkCell)); err != nil {
		return fmt.Errorf("the watermark in its state: %w; the state was not written by a window of this weir", err)
	}
	for _, r := range o.ahead.ranges {
		o.ahead.until = append(o.ahead.until, rangeReach{r.Keys.Last, o.windows.until(int64(r.Mark))})
	}
	o.ahead.firing = len(o.ahead.ranges) > 0
	o.firing = o.ahead.firing || o.watermark > record.MinTime
	return nil
}

// Snapshot writes the watermark.
func (o *operator) Snapshot(stream.CheckpointID) error {
	o.State.SetCell(watermarkCell, watermark.AppendRanges(nil, o.State.Range(), o.watermark, o.ahead.ranges))
	return nil
}

// reach returns how far windows are to fire now.
func (o *operator) reach() reach {
	if o.ahead.firing {
		return reach{o.windows.until(int64(o.ahead.ranges.Greatest())), o.ahead.until}
	}
	return reach{until: o.windows.until(int64(o.watermark))}
}

// dueIn appends at most so many groups that are due, and reports whether there may be more.
// Of ranges that reach differently far, it sets those aside that are not due yet.
func (g groups) dueIn(to reach, limit int, rows []state.RowID) (due []state.RowID, more bool) {
	had := len(rows)
	rows, more = g.table.Due(to.until, limit, rows)
	if len(to.ranges) == 0 {
		return rows, more
	}
	due = rows[:had]
	for k, r := range rows[had:] {
		if g.time.Get(r) <= to.of(g.table.Hash(r)) {
			due = append(due, r)
		} else {
			g.table.SetAside(rows[had+k:][:1])
		}
	}
	return due, more
}

// of returns how far a range reaches that has a hash.
func (to reach) of(hash uint64) int64 {
	for _, r := range to.ranges {
		if hash <= r.last {
			return r.until
		}
	}
	return to.until
}
