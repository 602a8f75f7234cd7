package checkpoint

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/stream"
)

// This file is what is decided before a takeover, without writing anything that
// an owner at work could notice.

// plan decides what to go on from and returns the takeover slot that says so.
func (o *Owner) plan(ctx context.Context, h *history) (*slot, error) {
	last, above, err := o.lastOf(ctx, h)
	if err != nil {
		return nil, err
	}
	damage := &DamagedError{sinks: o.options.Steps}
	t, err := o.lookBehind(ctx, h, last, damage)
	if err != nil {
		return nil, err
	}
	log, number := o.passOver(ctx, h, last, above, damage)
	if err := o.choose(ctx, log, damage); err != nil {
		return nil, err
	}
	if err := o.fit(ctx); err != nil {
		return nil, err
	}
	if err := o.store.settle(ctx, last); err != nil {
		return nil, err
	}
	above = slices.DeleteFunc(above, func(u unreadable) bool { return u.number >= number })
	return o.next(number, last, len(above), t)
}

// lastOf returns the last slot that can be read and those above it. It refuses
// the log of another job, and one that has come to its end. Where there is none
// the slot is number 0, behind which every log begins.
func (o *Owner) lastOf(ctx context.Context, h *history) (*slot, []unreadable, error) {
	last, above, err := h.last(ctx)
	switch {
	case err != nil:
		return nil, nil, err
	case last == nil:
		return &slot{Run: o.Run}, above, o.mayBeginAfresh(ctx, h)
	case last.Job != o.options.Job:
		return nil, nil, fmt.Errorf("the store belongs to job %q, not to %q; give each job a folder of its own", last.Job, o.options.Job)
	case last.Kind == finishedSlot:
		return nil, nil, ErrFinished
	}
	return last, above, nil
}

// mayBeginAfresh refuses a store without slots that is a savepoint, which a fresh start would
// spoil, or was to begin with one, of which it would take no notice.
func (o *Owner) mayBeginAfresh(ctx context.Context, h *history) error {
	if savepoint, err := o.store.there(ctx, savepointName); err != nil {
		return err
	} else if savepoint {
		return failure.Fatal(errors.New("they are a savepoint, which other checkpoints would spoil: start from it, and keep those in an " +
			"empty folder"))
	}
	begun, err := o.store.there(ctx, begunName)
	if err == nil && begun && len(h.numbers) == 0 {
		err = failure.Fatal(errors.New("they were begun with a savepoint, and not to its end: start from the savepoint once more, or give an " +
			"empty folder"))
	}
	return err
}

// next returns the takeover slot with the number behind the log. Generation and
// ids are above all that can have been used: by owners of slots behind the last
// that cannot be read, and of some that are lost.
func (o *Owner) next(number uint64, last *slot, unread int, t traces) (*slot, error) {
	n := &slot{
		Number: number, Kind: takeoverSlot, Job: o.options.Job, Run: last.Run, Nonce: o.nonce,
		Generation: max(last.Generation+uint64(unread), t.generation) + 1,
		Checkpoint: stream.CheckpointID(unread) * maxAttempts,
	}
	if last.Number > 0 {
		n.Checkpoint += last.usedIDs()
	}
	if t.id > n.Checkpoint {
		n.Checkpoint = t.id + maxAttempts
	}
	if o.decided != nil {
		n.Restores = o.decided.Number
	}
	if err := n.check(number); err != nil {
		return nil, fmt.Errorf("the log of slots cannot continue after %s: %w; move away what is not this job's", slotName(number-1), err)
	}
	return n, nil
}

// choose finds the checkpoint to go on from: the last that was decided or, if
// that is damaged and the user allows it, the latest whole one before it.
func (o *Owner) choose(ctx context.Context, h *history, damage *DamagedError) error {
	o.decided, o.whole, o.Manifest = nil, nil, nil
	var failed error
	h.decided(ctx, func(s *slot, err error) bool {
		var m *Manifest
		if err == nil {
			m, err = o.load(ctx, s)
		}
		if err == nil {
			o.decided, o.whole = s, m
			return false
		}
		if !errors.Is(err, errDamaged) {
			failed = err
			return false
		}
		if s == nil {
			damage.add(err, 0, 0)
		} else {
			damage.add(err, s.Checkpoint, s.Checkpoint)
		}
		return true
	})
	damage.fallback, damage.nothingLeft = o.decided, o.decided == nil
	switch {
	case failed != nil:
		return failed
	case damage.damaged() && (!o.options.AllowDuplicates || damage.nothingLeft):
		return damage
	case damage.damaged():
		o.warnf("%s", damage.accepted())
	}
	return nil
}

// load reads a manifest; before a fallback the objects of the checkpoint, too,
// because there is no telling what else was damaged.
func (o *Owner) load(ctx context.Context, decided *slot) (*Manifest, error) {
	m, err := o.store.manifest(ctx, decided)
	if err != nil || !o.options.AllowDuplicates {
		return m, err
	}
	for ref := range m.Objects() {
		if err := o.store.verify(ctx, ref); err != nil {
			return nil, err
		}
	}
	return m, o.wholeOutput(ctx, decided, m)
}

// wholeOutput asks sinks whether what a checkpoint has for them can be shown, if
// that is yet to be done.
func (o *Owner) wholeOutput(ctx context.Context, decided *slot, m *Manifest) error {
	done, err := o.store.committed(ctx, decided)
	if err != nil || done {
		return err
	}
	for _, s := range o.options.Steps {
		if s.Witness == nil {
			continue
		}
		for _, d := range m.due(s.ID) {
			if err := o.wholeDue(ctx, s.Witness(decided.Run), d); err != nil {
				return fmt.Errorf("sink %s: %w", s.ID, err)
			}
		}
	}
	return nil
}

func (o *Owner) wholeDue(ctx context.Context, w stream.Witness, d Due) error {
	pending, err := o.store.pending(ctx, d)
	if err != nil {
		return err
	}
	return w.Whole(d.Checkpoint, pending)
}

// fit checks the job against the checkpoint and leaves out of Manifest the
// steps that it cannot go on with.
func (o *Owner) fit(ctx context.Context) error {
	if o.whole == nil {
		return nil
	}
	o.Changed = compare(o.whole, o.options.Steps)
	if o.Changed != nil && !o.options.AllowChanged {
		return o.Changed
	}
	usable := *o.whole
	usable.Steps = slices.Clone(o.whole.Steps)
	if o.Changed != nil {
		usable.Steps = slices.DeleteFunc(usable.Steps, func(s Step) bool { return o.Changed.drops(s.ID) })
	}
	o.Manifest = &usable
	return o.checkOrphans(ctx)
}

// checkOrphans refuses a job that no longer has a sink for which output waits
// to be committed.
func (o *Owner) checkOrphans(ctx context.Context) error {
	done, err := o.store.committed(ctx, o.decided)
	if err != nil || done {
		return err
	}
	for _, s := range o.whole.Steps {
		isSink := slices.ContainsFunc(o.options.Steps, func(i StepInfo) bool { return i.ID == s.ID && i.Sink })
		if len(o.whole.due(s.ID)) > 0 && !isSink {
			return fmt.Errorf("checkpoint %d holds output of sink %q that has yet to be committed, and the job has no such sink; "+
				"start the job once as it was, then change it", o.whole.Checkpoint, s.ID)
		}
	}
	return nil
}
