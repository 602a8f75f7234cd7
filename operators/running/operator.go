package running

import (
	"errors"
	"math"
	"slices"

	"github.com/weirstream/weir/operators/agg"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

type operator struct {
	*compiled
	stream.OperatorContext
	groups  groups
	changes changes

	// Scratch of a batch that comes in.
	keys   []*record.Column
	hashes []uint64
	rows   []state.RowID // the group of each row
	made   []state.RowID
}

func (c *compiled) newOperator(ctx stream.OperatorContext) (stream.Operator, error) {
	if len(ctx.Inputs) > 0 && ctx.Inputs[0].Changelog != nil {
		return nil, errors.New("the input of an aggregation is a changelog: it takes only rows that add to what came before")
	}
	groups, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	ctx.State.DropUnopened() // tables of aggregates that the job no longer has
	return &operator{compiled: c, OperatorContext: ctx, groups: groups}, nil
}

// Step takes in rows. What a watermark, Idle or End means, Progress has taken in.
func (o *operator) Step(_ stream.InputID, e stream.Element, _ stream.Emitter) error {
	if e.Kind != stream.KindBatch {
		return nil
	}
	defer o.State.Release()
	defer e.Batch.Release()
	if e.Batch.EventTime == nil || e.Batch.RowKinds != nil {
		return errors.New("an aggregation takes only inserted rows with an event time")
	}
	o.take(e.Batch)
	return nil
}

// take adds rows to their groups, which are due then.
func (o *operator) take(b *record.Batch) {
	o.keys = o.keys[:0]
	for _, k := range o.Keys {
		o.keys = append(o.keys, b.Columns[k])
	}
	n, selection := b.Len(), b.Selection()
	o.Counters.In.Add(int64(n))
	o.Counters.Accepted.Add(int64(n))
	o.hashes = keyrange.Hash(o.hashes[:0], o.keys, selection, b.Physical())
	o.rows = slices.Grow(o.rows[:0], n)[:n]
	o.made = o.groups.table.Upsert(o.hashes, o.keys, nil, selection, o.rows, o.made[:0])
	for _, r := range o.made {
		*o.groups.due.Ptr(r) = never
	}
	o.note(b, selection)
	o.groups.Update(&agg.Input{Batch: b, Keys: o.keys, Rows: selection, Hashes: o.hashes, Groups: o.rows})
}

func (o *operator) note(b *record.Batch, selection []int32) {
	times := b.EventTime.Int64s()
	var marks []int64
	if b.RowWatermark != nil {
		marks = b.RowWatermark.Int64s()
	}
	for k, group := range o.rows {
		i, mark := k, int64(math.MinInt64)
		if selection != nil {
			i = int(selection[k])
		}
		if marks != nil {
			mark = marks[i]
		}
		o.groups.note(group, times[i], mark)
	}
}

// Interleaves implements [stream.Interleaver]: what is to be emitted follows from the
// table.
func (o *operator) Interleaves() bool { return true }

// batchGroups is the most groups of a batch of changes.
const batchGroups = 1024

// Resume emits the changes of groups that are due, then tells how far it has come.
func (o *operator) Resume(out stream.Emitter) (pending bool, err error) {
	defer o.State.Release()
	for budget := o.Budget; budget > 0; {
		limit := min(budget, batchGroups)
		budget -= limit
		var more bool
		o.changes.groups, more = o.groups.table.Due(never-1, limit, o.changes.groups[:0])
		if err := o.emit(out); err != nil {
			return false, err
		}
		if !more {
			o.Progress.Forward(out, o.Progress.Combined())
			return false, nil
		}
		if out.Full() {
			break
		}
	}
	return true, nil
}

// Snapshot has nothing to write: all is in the table.
func (o *operator) Snapshot(stream.CheckpointID) error { return nil }

// Close has nothing to release: no batch is held between calls.
func (o *operator) Close() {}

// Inspect returns all groups with their results. It is for tests and for those who look
// into a job's state; the caller owns the batch.
func (o *operator) Inspect() (*record.Batch, error) {
	var rows []state.RowID
	for r := o.groups.table.Scan(0); r != state.NoRow; r = o.groups.table.Scan(r + 1) {
		rows = append(rows, r)
	}
	b := o.Pool.NewBatch(o.output, len(rows))
	for _, f := range o.output.Fields() {
		b.Columns = append(b.Columns, o.Pool.NewColumn(f.Type, len(rows)))
	}
	keys := len(o.keyFields)
	o.groups.table.AppendKeys(b.Columns[:keys], rows)
	if err := o.groups.Final(rows, b.Columns[keys:]); err != nil {
		b.Release()
		return nil, err
	}
	return b, nil
}
