package checkpoint

import (
	"fmt"
	"slices"
	"time"

	"github.com/weirstream/weir/runtime/stream"
)

// Timing is when checkpoints are taken.
type Timing struct {
	// Interval is the time between the starts of two checkpoints; 0 takes none
	// but the last one of a stop or of a bounded job.
	Interval time.Duration
	// Timeout is how long subtasks may take to acknowledge a checkpoint, before
	// it is aborted, and how long the store may keep failing, before the job does; 0 is
	// 10 minutes.
	Timeout time.Duration
	// CommitTimeout is how long the commits of a sink may keep failing, before the job
	// does; 0 is for ever.
	CommitTimeout time.Duration
}

// retryAfter is the wait between a failure and the next attempt.
const retryAfter = time.Second

// Coordinator takes checkpoints, one at a time. It is a state machine: all it
// does is answer events with effects, always the same ones.
type Coordinator struct {
	owner  *Owner
	timing Timing
	now    time.Time
	phase  phase

	// The checkpoint under way; behind it, the last one that was.
	id       stream.CheckpointID
	purpose  purpose
	since    time.Time // when it was triggered, then when it was acknowledged
	manifest *Manifest
	encoded  []byte    // the manifest, once everybody has acknowledged
	awaited  []subtask // whose Ack is missing, in the job's order
	decision *slot

	// The works of this phase: running, and failed and to be done again.
	running int
	failed  []Work

	// What is done beside the checkpoints.
	lanes    []*lane
	unmarked *slot   // the latest decision, until its marker is there; nil: nothing to mark
	marker   attempt // to write it

	last     *slot               // our last slot: only the one behind it is ours to create
	decided  stream.CheckpointID // the latest decided checkpoint, ours or restored
	attempts int                 // checkpoints triggered since then
	reason   error               // why the last of them was aborted
	due      time.Time           // when the next periodic checkpoint begins
	retryAt  time.Time           // no attempt and no failed work before this

	unfinished []subtask
	stopping   bool
	draining   bool
	crowded    bool // there is no room for a checkpoint
	asked      bool // somebody wants a checkpoint that has not begun
	answers    bool // the one under way is what somebody wants

	effects []Effect // of the event being handled
}

// phase is what the coordinator is doing.
type phase string

const (
	starting   phase = "starting"   // waits for Started
	idle       phase = "idle"       // no checkpoint is under way
	aligning   phase = "aligning"   // barriers travel through the graph; acks are awaited
	writing    phase = "writing"    // the manifest is written
	deciding   phase = "deciding"   // the slot is created: from its existence on, the checkpoint counts
	collecting phase = "collecting" // older checkpoints and garbage are deleted
	settling   phase = "settling"   // the last checkpoint is decided, and not yet all is shown
	finishing  phase = "finishing"  // the slot that ends the job for good is created
	ended      phase = "ended"
)

// purpose is why a checkpoint is taken.
type purpose string

const (
	periodic purpose = "periodic"
	asked    purpose = "as was asked"
	toStop   purpose = "to stop"
	toFinish purpose = "to finish"
)

// subtask names one that acknowledges; index may be Enumerator.
type subtask struct {
	step  string
	index int
}

// NewCoordinator returns the coordinator of an owner that has recovered.
func NewCoordinator(owner *Owner, timing Timing) *Coordinator {
	if timing.Timeout == 0 {
		timing.Timeout = 10 * time.Minute
	}
	c := &Coordinator{
		owner: owner, timing: timing, phase: starting, lanes: owner.lanes,
		id: owner.takeover.Checkpoint, last: owner.takeover,
	}
	if owner.decided != nil {
		c.decided = owner.decided.Checkpoint
	}
	for _, s := range owner.options.Steps {
		for i := range s.Parallelism {
			c.unfinished = append(c.unfinished, subtask{s.ID, i})
		}
	}
	return c
}

// Step takes in an event and returns what is to be done about it, in order. It
// is called from one goroutine at a time.
func (c *Coordinator) Step(event Event) []Effect {
	if c.phase == ended {
		return nil
	}
	c.effects = nil
	switch e := event.(type) {
	case Started:
		c.now, c.due = e.Now, e.Now.Add(c.timing.Interval)
		c.collect()
	case Tick:
		c.tick(e.Now)
	case Ack:
		c.ack(e)
	case Decline:
		if c.phase == aligning && e.Checkpoint == c.id {
			c.declined(fmt.Errorf("%s declined: %w", subtask{e.Step, e.Subtask}, e.Err))
		}
	case SubtaskFinished:
		gone := subtask{e.Step, e.Subtask}
		c.unfinished = slices.DeleteFunc(c.unfinished, func(s subtask) bool { return s == gone })
	case Crowded:
		c.crowded = e.Full
	case CheckpointRequested:
		c.asked = true
	case StopRequested:
		c.stop(e.Drain)
	case workDone:
		c.workDone(e)
	}
	if c.phase != ended {
		c.show()
		c.settle()
		c.next()
	}
	return c.effects
}

// Wake returns the time at which a Tick changes something, if nothing else
// happens before; ok is false if there is none.
func (c *Coordinator) Wake() (at time.Time, ok bool) {
	at, ok = c.wakePhase()
	if c.phase == ended {
		return at, ok
	}
	for _, a := range c.pendingAttempts() {
		if !a.running && (!ok || a.Again.Before(at)) {
			at, ok = a.Again, true
		}
	}
	return at, ok
}

// wakePhase returns when a Tick changes something about the checkpoint under way, or the next.
func (c *Coordinator) wakePhase() (at time.Time, ok bool) {
	switch {
	case c.phase == idle && c.crowded:
	case c.phase == idle && c.wants() != "":
		return c.retryAt, true
	case c.phase == idle && c.timing.Interval > 0 && !c.draining && c.overdue() == nil:
		return latest(c.due, c.retryAt), true
	case c.phase == aligning:
		return c.since.Add(c.timing.Timeout), true
	case len(c.failed) > 0:
		return c.retryAt, true
	}
	return time.Time{}, false
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (c *Coordinator) emit(e Effect) { c.effects = append(c.effects, e) }

func (c *Coordinator) tick(now time.Time) {
	c.now = latest(c.now, now)
	switch {
	case c.phase == aligning && !c.now.Before(c.since.Add(c.timing.Timeout)):
		c.abort(fmt.Errorf("no acknowledgement from %s within %v", list(c.awaited), c.timing.Timeout))
	case len(c.failed) > 0 && !c.now.Before(c.retryAt):
		again := c.failed
		c.failed = nil
		c.running += len(again)
		for _, w := range again {
			c.emit(w)
		}
	}
}

func (c *Coordinator) stop(drain bool) {
	if !drain && c.phase == settling { // no more waiting for what cannot be shown now
		c.stopping = true
		c.hurry()
		return
	}
	if drain && !c.stopping && !c.draining {
		c.draining = true
		c.emit(Drain{})
	}
	if !drain && !c.draining {
		c.stopping = true
	}
}

// wants says why a checkpoint should be taken as soon as possible; "" if only
// the interval asks for one.
func (c *Coordinator) wants() purpose {
	switch {
	case len(c.unfinished) == 0:
		return toFinish
	case c.stopping:
		return toStop
	case c.asked && !c.draining:
		return asked
	}
	return ""
}

// next begins a checkpoint, if one is wanted and none is under way. While the
// sources drain there is none but the last: a checkpoint in between would hold
// the end of the input in some subtasks and not in others.
func (c *Coordinator) next() {
	if c.phase != idle || c.crowded || c.now.Before(c.retryAt) {
		return
	}
	why := c.wants()
	if why == "" && c.timing.Interval > 0 && !c.draining && !c.now.Before(c.due) && c.overdue() == nil {
		why = periodic
	}
	if why != "" {
		c.trigger(why)
	}
}
