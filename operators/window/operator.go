package window

import (
	"errors"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/state"
)

// windows is what aligned windows and sessions have in common.
type windows interface {
	// add takes in the rows of a batch and notes those that are late.
	add(in *arrival)
	// until returns up to which time of their table groups are due at watermark w.
	until(w int64) int64
	// collect appends at most limit results that are due, after a bounded amount of
	// work, and reports whether nothing else is due.
	collect(to reach, limit int, due *results) (done bool)
	// takeBack notes that nothing is left that is due in some ranges of keys, but not
	// in all: it has others be due again.
	takeBack()
	// drop deletes groups that were collected.
	drop(rows []state.RowID)
	// fired notes that nothing is left that is due at watermark w.
	fired(w int64)
	// open appends everything that is not collected yet.
	open(to *results)
}

// operator is the operator of all windows: it brings batches to them, fires
// them, and keeps the watermark.
type operator struct {
	*compiled
	stream.OperatorContext
	windows windows

	// watermark is the greatest that came in. What is due at it is fired while
	// firing is true; then it is sent on, and forwarded is what was sent.
	watermark record.Time
	firing    bool
	forwarded record.Time
	ahead     ahead

	in  arrival
	due results
}

func (c *compiled) newOperator(ctx stream.OperatorContext) (stream.Operator, error) {
	o := &operator{compiled: c, OperatorContext: ctx, watermark: record.MinTime, forwarded: record.MinTime}
	var err error
	if o.windows, err = c.Shape.open(opening{c, ctx}); err == nil {
		err = o.restore()
	}
	if err != nil {
		return nil, err
	}
	ctx.State.DropUnopened() // tables of aggregates that the job no longer has
	return o, nil
}

func (o *operator) Step(_ stream.InputID, e stream.Element, out stream.Emitter) error {
	defer o.State.Release()
	switch e.Kind {
	case stream.KindBatch:
		return o.takeIn(e.Batch, out)
	case stream.KindWatermark:
		o.watermark = max(o.watermark, e.Time)
		o.firing = true
	case stream.KindIdle, stream.KindEnd:
		out.Emit(stream.Main, e)
	}
	return nil
}

// Interleaves implements [stream.Interleaver]: what is due is in the tables, and rows
// that come now are late for it by the watermark.
func (o *operator) Interleaves() bool { return true }

// takeIn adds a batch to the windows. Its late rows leave at once, however many
// there are: they are rows of the batch, and no more than came in.
func (o *operator) takeIn(b *record.Batch, out stream.Emitter) error {
	if b.EventTime == nil || b.RowKinds != nil {
		b.Release()
		return errors.New("a window takes only inserted rows with an event time")
	}
	o.in.load(b, o.Keys, o.watermark, o.ahead.ranges)
	o.windows.add(&o.in)
	total, late := int64(b.Len()), int64(len(o.in.late))
	o.Counters.In.Add(total)
	o.Counters.Accepted.Add(total - late)
	o.Counters.Late.Add(late)
	o.Counters.LatePartly.Add(int64(len(o.in.partly)))
	o.Counters.LatePairs.Add(o.in.pairs)
	o.Counters.LateMerges.Add(o.in.merges)
	o.Counters.SawLate(o.in.by)
	rows := o.in.late
	if o.AnyLate {
		rows = o.in.anyLate()
	}
	if len(rows) == 0 {
		b.Release()
		return nil
	}
	out.Emit(stream.Late, stream.BatchOf(b.Select(rows)))
	return nil
}

func (o *operator) Resume(out stream.Emitter) (pending bool, err error) {
	defer o.State.Release()
	for budget := o.Budget; o.firing && budget > 0 && !out.Full(); {
		limit := min(budget, batchRows)
		budget -= limit
		done := o.windows.collect(o.reach(), limit, &o.due)
		if err := o.emit(out); err != nil {
			return false, err
		}
		switch {
		case done && o.ahead.firing:
			o.ahead.firing = false
			o.windows.takeBack()
		case done:
			o.firing = false
			o.windows.fired(int64(o.watermark))
			o.ahead.ranges = o.ahead.ranges.Behind(o.watermark)
			o.forward(out)
		}
	}
	return o.firing, nil
}

// emit puts out the results that are collected and deletes their groups.
func (o *operator) emit(out stream.Emitter) error {
	if len(o.due.rows) == 0 {
		return nil
	}
	b, err := o.due.batch(o.compiled, o.Pool)
	if err != nil {
		return err
	}
	o.windows.drop(o.due.rows)
	o.due.reset()
	o.Counters.Out.Add(int64(b.Len()))
	out.Emit(stream.Main, stream.BatchOf(b))
	return nil
}

// forward sends the watermark on, less the time by which windows outlast their
// end: a result has the event time of that end, and must not come behind the
// watermark of those who take it into windows of their own. Sources send their
// watermarks again after a restore, which may be lower than the one restored.
func (o *operator) forward(out stream.Emitter) {
	mark := o.watermark
	if mark != record.MaxTime {
		mark = mark.Add(-o.Lateness - o.Shape.firesAfter())
	}
	if mark > o.forwarded {
		o.forwarded = mark
		out.Emit(stream.Main, stream.WatermarkOf(mark))
	}
}

// Close has nothing to release: no batch is held between calls.
func (o *operator) Close() {}

// Inspect returns what is open, as results: a row per group of a pane or session,
// with the bounds that it has so far. It is for tests and for those who look into
// a job's state; the caller owns the batch.
func (o *operator) Inspect() (*record.Batch, error) {
	var open results
	o.windows.open(&open)
	return open.batch(o.compiled, o.Pool)
}
