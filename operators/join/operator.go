package join

import (
	"fmt"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/watermark"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

type operator struct {
	Config
	stream.OperatorContext
	sides   [2]side
	pending pending
	// restored is, by input, the watermark that all of the state to restore has seen:
	// what it cleaned up is not there any more. Some ranges of keys are ahead of it.
	restored [2]record.Time
	ahead    [2]watermark.Ranges

	// Scratch.
	arrival arrival
	hashes  []uint64
	from    state.Cursor
	pairs   pairs
	left    bool // the table of pending rows has the keys of the batch
}

func (c Config) newOperator(ctx stream.OperatorContext) (stream.Operator, error) {
	o := &operator{Config: c, OperatorContext: ctx, restored: [2]record.Time{record.MinTime, record.MinTime}}
	for in, input := range ctx.Inputs {
		if input.Changelog != nil {
			return nil, fmt.Errorf("input %d of a join is a changelog: it takes only rows that add to what came before", in)
		}
	}
	var err error
	least, most := c.bounds()
	if o.sides[Left], err = c.Left.open(ctx.State, "left", least, most); err != nil {
		return nil, err
	}
	if o.sides[Right], err = c.Right.open(ctx.State, "right", -most, -least); err != nil {
		return nil, err
	}
	if o.pending, err = openPending(ctx.State, c.Left.keyFields()); err != nil {
		return nil, err
	}
	return o, o.restoreWatermarks()
}

// watermarkCells hold the watermarks of keys, one of each input, as [watermark.AppendRanges] has
// them.
var watermarkCells = [2]string{"left watermark", "right watermark"}

// restoreWatermarks takes the least watermarks of the subtasks that this one's state comes
// from. Rows that are behind those of their own range of keys may have lost partners.
func (o *operator) restoreWatermarks() (err error) {
	for in, cell := range watermarkCells {
		if o.restored[in], o.ahead[in], err = watermark.RestoreRanges(o.State.Range(), o.State.Cells(cell)); err != nil {
			return fmt.Errorf("the %s in its state: %w; the state was not written by a join of this weir", cell, err)
		}
	}
	return nil
}

// mark returns the watermark of an input, behind which rows are late, whatever their keys.
func (o *operator) mark(in stream.InputID) record.Time {
	return max(o.restored[in], o.Progress.Watermark(in))
}

// Step takes in rows. What a watermark, Idle or End means, Progress has taken in.
func (o *operator) Step(in stream.InputID, e stream.Element, out stream.Emitter) error {
	if e.Kind != stream.KindBatch {
		return nil
	}
	defer o.State.Release()
	b, err := o.accept(in, e.Batch, out)
	if b == nil {
		return err
	}
	o.take(in, b, out)
	b.Release()
	return nil
}

// take stores rows and emits their pairs, as far as the budget goes.
func (o *operator) take(in stream.InputID, b *record.Batch, out stream.Emitter) {
	mine, theirs := &o.sides[in], &o.sides[1-in]
	o.hashes = keyrange.Hash(o.hashes[:0], mine.keysOf(b.Columns, mine.keys), nil, b.Len())
	mine.insert(b, o.hashes)
	theirs.table.LoadKeys(o.hashes, mine.keys, nil)
	o.pairs.left, o.left = o.Budget, false
	times := b.EventTime.Int64s()
	for k, row := range mine.rows {
		o.from = state.FromInt64(o.from[:0], mine.first(times[k]))
		partner := o.pair(in, row, theirs.table.Seek(k, o.from), out)
		if partner != state.NoRow {
			o.leave(in, k, row, partner)
		}
	}
	o.emit(out)
}

// Interleaves implements [stream.Interleaver]: rows may come while the sides are cleaned
// up, but not while there are pairs to be made of what came before.
func (o *operator) Interleaves() bool { return !o.pending.some }

// Resume emits the pairs of pending rows, then cleans up, then tells how far it has come.
func (o *operator) Resume(out stream.Emitter) (pending bool, err error) {
	defer o.State.Release()
	o.pairs.left = o.Budget
	if o.goOn(out) {
		return true, nil
	}
	for in := range o.sides {
		if o.sides[in].clean(o.mark(stream.InputID(1-in)), min(o.Budget, batchRows)) {
			return true, nil
		}
	}
	for in := range o.ahead {
		o.ahead[in] = o.ahead[in].Behind(o.mark(stream.InputID(in)))
	}
	o.Progress.Forward(out, o.Progress.Combined())
	return false, nil
}

// Snapshot writes the watermarks.
func (o *operator) Snapshot(stream.CheckpointID) error {
	for in, cell := range watermarkCells {
		o.State.SetCell(cell, watermark.AppendRanges(nil, o.State.Range(), o.mark(stream.InputID(in)), o.ahead[in]))
	}
	return nil
}

// Close has nothing to release: no batch is held between calls.
func (o *operator) Close() {}
