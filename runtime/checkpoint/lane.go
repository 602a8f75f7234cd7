package checkpoint

import (
	"context"
	"fmt"
	"time"

	"github.com/weirstream/weir/runtime/failure"
)

// This file is how sinks show what checkpoints have decided. They do it beside the
// checkpoints: while a destination is down, checkpoints go on, and each carries what those
// before it have not got rid of.

// lane is the commits of one sink: in the order of checkpoints, one at a time, each until it
// succeeds. Other sinks do not wait for it.
type lane struct {
	attempt
	sink Sink
	due  []Due  // decided and not known to be committed, oldest first
	kept []byte // what the committer remembers of all before that
}

// newLane returns the lane of a sink as a checkpoint left it; m may be nil.
func newLane(s Sink, m *Manifest) *lane {
	l := &lane{sink: s, due: m.due(s.ID)}
	if step := m.Step(s.ID); step != nil {
		l.kept = step.Kept
	}
	return l
}

// committed takes what was shown off the list.
func (l *lane) committed(kept []byte) {
	l.due, l.kept = l.due[1:], kept
	l.attempt = attempt{}
}

func (l *lane) uncommitted() *Uncommitted {
	return &Uncommitted{Sink: l.sink.ID, Checkpoints: len(l.due), Since: l.Since, Err: l.Err}
}

// attempt is work that is tried until it succeeds.
type attempt struct {
	Retry
	running bool
	gaveUp  bool // it has failed once more since the job was asked to stop
}

func (a *attempt) ready(now time.Time) bool { return !a.running && !now.Before(a.Again) }

// What a manifest carries at most. Beyond that no checkpoint begins until a commit succeeds.
const (
	carriedCheckpoints = 1000
	carriedBytes       = 4 << 20
)

// overdue returns the lane that has more to commit than manifests are to carry, or nil.
func (c *Coordinator) overdue() *lane {
	for _, l := range c.lanes {
		n := 0
		for _, d := range l.due {
			n += d.bytes()
		}
		if len(l.due) >= carriedCheckpoints || n > carriedBytes {
			return l
		}
	}
	return nil
}

// Uncommitted returns the sinks that have output to show which is decided.
func (c *Coordinator) Uncommitted() (all []Uncommitted) {
	for _, l := range c.lanes {
		if len(l.due) > 0 {
			all = append(all, *l.uncommitted())
		}
	}
	return all
}

// Waits says which sink's commits the job waits for before it goes on, nil if for none: the last
// checkpoint is decided, or manifests carry as much as they are to.
func (c *Coordinator) Waits() *Uncommitted {
	for _, u := range c.Uncommitted() {
		if u.Err != nil && c.phase == settling {
			return &u
		}
	}
	if l := c.overdue(); l != nil {
		return l.uncommitted()
	}
	return nil
}

// show starts what is due and may be started: commits and, once there are none, the marker.
func (c *Coordinator) show() {
	shown := true
	for _, l := range c.lanes {
		if len(l.due) == 0 {
			continue
		}
		shown = false
		if l.ready(c.now) {
			c.commit(l)
		}
	}
	if shown {
		c.owner.shown.Store(uint64(c.decided))
	}
	if shown && c.unmarked != nil && c.marker.ready(c.now) {
		c.mark()
	}
}

func (c *Coordinator) commit(l *lane) {
	var kept []byte
	d := l.due[0]
	name := fmt.Sprintf("commit %s %d", l.sink.ID, d.Checkpoint)
	c.beside(name, &l.attempt, c.timing.CommitTimeout, func() { l.committed(kept) }, func(ctx context.Context) (err error) {
		kept, err = c.owner.commit(ctx, l.sink, d)
		return err
	})
}

// mark writes the marker: no replay is needed any more.
func (c *Coordinator) mark() {
	decision := c.unmarked
	done := func() {
		c.marker = attempt{}
		if c.unmarked == decision {
			c.unmarked = nil
		}
	}
	c.beside(fmt.Sprintf("marker %d", decision.Checkpoint), &c.marker, c.timing.Timeout, done, func(ctx context.Context) error {
		return c.owner.store.inPlace(c.owner.store.writeMarker(ctx, decision))
	})
}

// beside has I/O done that no checkpoint waits for. Where it fails it is tried again, for as
// long as that; 0 is for ever.
func (c *Coordinator) beside(name string, a *attempt, long time.Duration, done func(), do func(context.Context) error) {
	a.running = true
	w := Work{Name: name, done: func(err error) {
		if a.running = false; err == nil {
			done()
			return
		}
		c.besideFailed(a, long, fmt.Errorf("%s: %w", name, err))
	}}
	w.Do = func(ctx context.Context) Event { return workDone{w, do(ctx)} }
	c.emit(w)
}

func (c *Coordinator) besideFailed(a *attempt, long time.Duration, err error) {
	a.Failed(c.now, long, err)
	a.gaveUp = c.phase == settling
	switch {
	case failure.ClassOf(err) == failure.ClassFatal:
		c.end(OutcomeFailed, err)
	case a.Over(c.now, long):
		c.end(OutcomeFailed, a.GivenUp(c.now))
	default:
		c.emit(Warning{err})
	}
}

// settle waits until all is shown, and then ends the job. One that was asked to stop, even if its
// input had ended before, waits for one more attempt of each: the next start begins with what is left.
func (c *Coordinator) settle() {
	if c.phase != settling {
		return
	}
	left := c.pendingAttempts()
	for _, a := range left {
		if !c.stopping || !a.gaveUp {
			return
		}
	}
	switch {
	case c.purpose == toFinish && len(left) == 0:
		c.finish()
	default:
		for _, u := range c.Uncommitted() {
			c.emit(Warning{fmt.Errorf("%s; the next start begins with that", u.What())})
		}
		c.end(OutcomeStopped, nil)
	}
}

// pendingAttempts returns what is still to succeed.
func (c *Coordinator) pendingAttempts() (left []*attempt) {
	for _, l := range c.lanes {
		if len(l.due) > 0 {
			left = append(left, &l.attempt)
		}
	}
	if len(left) == 0 && c.unmarked != nil {
		left = append(left, &c.marker)
	}
	return left
}

// hurry lets what waits for its next attempt be tried now.
func (c *Coordinator) hurry() {
	for _, a := range c.pendingAttempts() {
		a.Again, a.gaveUp = time.Time{}, false
	}
}

// carry puts into a manifest what earlier checkpoints hold and nobody knows to be shown.
func (c *Coordinator) carry(m *Manifest) {
	for _, l := range c.lanes {
		step := m.Step(l.sink.ID)
		step.Carried, step.Kept = l.due[:len(l.due):len(l.due)], l.kept
	}
}

// decidedFor adds what a decided checkpoint holds to what is due.
func (c *Coordinator) decidedFor(m *Manifest) {
	for _, l := range c.lanes {
		carried := len(m.Step(l.sink.ID).Carried)
		l.due = append(l.due, m.due(l.sink.ID)[carried:]...)
	}
}
