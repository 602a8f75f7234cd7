package checkpoint

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/stream"
)

// This file is the course of one checkpoint, from top to bottom.

func (c *Coordinator) trigger(why purpose) {
	if c.attempts == maxAttempts {
		c.end(OutcomeFailed, fmt.Errorf("%d checkpoints in a row have failed, the last one: %w", maxAttempts, c.reason))
		return
	}
	c.attempts++
	c.id++
	c.purpose = why
	c.since = c.now
	c.due = c.now.Add(c.timing.Interval)
	c.phase = aligning
	c.asked, c.answers = false, c.asked
	c.manifest, c.awaited = c.owner.blank(c.id)
	c.emit(Trigger{stream.Barrier{ID: c.id, Stop: why == toStop || why == toFinish}})
}

// ack takes in a subtask's part. One of a checkpoint that was aborted comes too
// late and is dropped, as is a second one.
func (c *Coordinator) ack(e Ack) {
	from := subtask{e.Step, e.Subtask}
	at := slices.Index(c.awaited, from)
	if c.phase != aligning || e.Checkpoint != c.id || at < 0 {
		return
	}
	c.awaited = slices.Delete(c.awaited, at, at+1)
	step := c.manifest.Step(e.Step)
	if e.Subtask == Enumerator {
		step.Enumerator = e.Entry.Enumerator
	} else {
		step.Subtasks[e.Subtask] = e.Entry
	}
	if len(c.awaited) == 0 {
		c.write()
	}
}

func (c *Coordinator) write() {
	c.carry(c.manifest)
	content, err := c.manifest.encode()
	if err != nil {
		c.abort(fmt.Errorf("manifest: %w", err))
		return
	}
	name := manifestName(c.owner.Generation, c.id)
	ref := refTo(name, content)
	c.decision = c.owner.slotAfter(c.last, checkpointSlot, c.id)
	c.decision.Manifest, c.decision.Copy, c.encoded = &ref, name+copySuffix, content
	c.enter(writing)
	c.workInStore(fmt.Sprintf("manifest %d", c.id), func(ctx context.Context) error {
		return c.owner.store.put(ctx, name, content)
	})
}

// decide creates the slot, and behind it the copy of the manifest: so whoever
// finds that copy knows of the decision, though the slot be lost.
func (c *Coordinator) decide() {
	c.enter(deciding)
	decision, manifest := c.decision, c.encoded
	c.workOnSlot(decision, func(ctx context.Context) error {
		if err := c.owner.store.createSlot(ctx, decision); err != nil {
			return err
		}
		return c.owner.store.put(ctx, decision.Copy, manifest)
	})
}

// count is reached once the slot is there: the checkpoint counts. Sinks show it from now on,
// beside what comes next.
func (c *Coordinator) count() {
	c.last, c.decided, c.attempts = c.decision, c.id, 0
	c.owner.newest.Store(c.manifest)
	c.emit(Completed{c.id})
	c.decidedFor(c.manifest)
	c.unmarked = c.decision
	c.show() // before anything is tidied up: people wait for it
	c.collect()
}

func (c *Coordinator) collect() {
	c.enter(collecting)
	last, decided := c.last, c.decided
	c.workInStore("collect", func(ctx context.Context) error {
		return c.owner.collect(ctx, last, decided)
	})
}

// conclude ends a checkpoint; behind the last one only sinks have something to do.
func (c *Coordinator) conclude() {
	c.phase = idle
	if c.answers && c.purpose != toStop && c.purpose != toFinish {
		c.emit(CheckpointTaken{c.id})
	}
	c.answers = false
	if c.purpose == toStop || c.purpose == toFinish {
		c.enter(settling)
		c.hurry()
	}
}

// finish ends the job for good.
func (c *Coordinator) finish() {
	c.enter(finishing)
	c.decision = c.owner.slotAfter(c.last, finishedSlot, c.id)
	end := c.decision
	c.workOnSlot(end, func(ctx context.Context) error { return c.owner.store.createSlot(ctx, end) })
}

// abort gives up a checkpoint that is not decided; the next attempt has a new id.
func (c *Coordinator) abort(err error) {
	c.emit(Aborted{c.id, err})
	c.phase, c.reason = idle, err
	c.asked, c.answers = c.asked || c.answers, false
	c.awaited = nil
	c.retryAt = c.now.Add(retryAfter)
	c.due = c.retryAt
}

// declined gives up a checkpoint that a subtask cannot take part in, and the job
// where that would be so for every other one.
func (c *Coordinator) declined(err error) {
	if failure.ClassOf(err) == failure.ClassFatal {
		c.end(OutcomeFailed, err)
		return
	}
	c.abort(err)
}

func (c *Coordinator) end(outcome Outcome, err error) {
	c.phase = ended
	c.emit(Ended{outcome, err})
}

// enter begins a phase of works.
func (c *Coordinator) enter(p phase) {
	c.phase = p
	c.since = c.now
}

// workOnSlot is the work that creates a slot.
func (c *Coordinator) workOnSlot(s *slot, do func(context.Context) error) {
	c.workInStore(fmt.Sprintf("slot %d %s", s.Number, s.Kind), do)
}

// workInStore is work whose errors are about the store.
func (c *Coordinator) workInStore(name string, do func(context.Context) error) {
	c.work(name, func(ctx context.Context) error { return c.owner.store.inPlace(do(ctx)) })
}

// work has I/O done as part of the current phase.
func (c *Coordinator) work(name string, do func(context.Context) error) {
	w := Work{Name: name}
	w.Do = func(ctx context.Context) Event { return workDone{w, do(ctx)} }
	c.running++
	c.emit(w)
}

func (c *Coordinator) workDone(e workDone) {
	if e.work.done != nil {
		e.work.done(e.err)
		return
	}
	c.running--
	if errors.Is(e.err, errTaken) {
		c.end(OutcomeLost, e.err)
		return
	}
	if e.err != nil {
		c.workFailed(e)
	}
	if c.running > 0 || len(c.failed) > 0 {
		return
	}
	switch c.phase {
	case writing:
		c.decide()
	case deciding:
		c.count()
	case collecting:
		c.conclude()
	case finishing:
		c.end(OutcomeFinished, nil)
	}
}

// workFailed decides what a failure comes to. Until the slot is asked for, the
// checkpoint can be aborted. From then on it cannot: the slot may exist, or come
// to exist, whatever the reply was. So that and all that follows is tried again,
// unless the error says that this is in vain.
func (c *Coordinator) workFailed(e workDone) {
	err := fmt.Errorf("%s: %w", e.work.Name, e.err)
	switch {
	case failure.ClassOf(err) == failure.ClassFatal:
		c.end(OutcomeFailed, err)
	case c.phase == writing:
		c.abort(err)
	case c.phase == collecting:
		c.emit(Warning{err}) // garbage can wait for the next checkpoint
	case !c.now.Before(c.since.Add(c.timing.Timeout)):
		c.end(OutcomeFailed, err)
	default:
		c.emit(Warning{err})
		c.failed = append(c.failed, e.work)
		c.retryAt = c.now.Add(retryAfter)
	}
}
