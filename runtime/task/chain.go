package task

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/weirstream/weir/runtime/actor"
	"github.com/weirstream/weir/runtime/checkpoint"
	"github.com/weirstream/weir/runtime/exchange"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/stream"
)

// Chain is one subtask of a chain of steps. It is worked off from its end: a
// node runs only while its consumers have kept up, so that at most one budget
// of rows waits between two nodes.
type Chain struct {
	host    actor.Host
	report  func(Report)
	owner   *checkpoint.Owner
	room    func(bytes int64) error // says why the disk has no room for so much
	pool    *record.Pool
	nodes   []*node // each behind the one that feeds it
	source  *source // of the head; nil unless that is a source
	inbox   *exchange.Inbox
	senders []*exchange.Sender
	mail    actor.Mailbox[toChain]
	job     string // for profiles
	title   string // the steps, as metrics and profiles name the chain
	spent   spent
}

// Post sends the chain a command. Any goroutine may call it.
func (c *Chain) Post(command Command) { c.mail.Post(command) }

// Source returns the id of the source at the chain's head, "" where that is none.
func (c *Chain) Source() string {
	if c.source == nil {
		return ""
	}
	return c.nodes[0].step.ID
}

// Status returns how the chain's subtask of each step stands. Any goroutine may
// call it.
func (c *Chain) Status() []status.Step {
	all := make([]status.Step, len(c.nodes))
	for i, n := range c.nodes {
		all[i] = status.Step{ID: n.step.ID, Parallelism: 1, Counters: n.counters.Values(), Rejects: n.rejects.Values(),
			Watermark: record.Time(n.mark.Load())}
	}
	return all
}

// Name implements actor.Actor.
func (c *Chain) Name() string { return c.nodes[0].name() }

// Labels implements actor.Labelled.
func (c *Chain) Labels() []string {
	return []string{"job", c.job, "step", c.title, "subtask", strconv.Itoa(c.nodes[0].subtask)}
}

// Attach implements actor.Actor.
func (c *Chain) Attach(wake func()) { c.mail.Attach(wake) }

// Deadline implements actor.Actor.
func (c *Chain) Deadline() (earliest time.Time) {
	if c.source != nil {
		earliest = c.source.deadline()
	}
	for _, n := range c.nodes {
		if at := n.deadline(); !at.IsZero() && (earliest.IsZero() || at.Before(earliest)) {
			earliest = at
		}
	}
	return earliest
}

// deadline returns when the operator wants to be told of the time. One whose output is
// pending is told when that has left.
func (n *node) deadline() time.Time {
	if n.sink != nil {
		return n.sink.deadline()
	}
	if n.clocked == nil || n.pending || n.controls.Len() > 0 || n.Full() {
		return time.Time{}
	}
	return n.clocked.Deadline()
}

// ring tells operators whose deadline has come.
func (c *Chain) ring() {
	for _, n := range c.nodes {
		if at := n.deadline(); !at.IsZero() && n.clocked != nil {
			if now := c.host.Now(); !now.Before(at) {
				n.controls.Push(stream.Control{Kind: stream.ClockReached, Now: now})
			}
		}
	}
}

// barrierWaits reports whether a barrier has come to the chain that has not been taken
// in.
func (c *Chain) barrierWaits() bool { return c.inbox != nil && c.inbox.BarrierWaits() }

// Step implements actor.Actor.
func (c *Chain) Step() (more bool, err error) {
	c.spent.begin()
	if more, err = c.step(); !more && err == nil {
		c.spent.rest(c.heldBack())
	}
	return more, err
}

// heldBack reports whether a node has something to do and its consumers have no room for it.
func (c *Chain) heldBack() bool {
	for _, n := range c.nodes {
		if (n.pending || n.queue.Len() > 0 || n.source != nil && n.source.ready.Len() > 0) && (n.Full() || !n.takes()) {
			return true
		}
	}
	return false
}

func (c *Chain) step() (more bool, err error) {
	if m, ok := c.mail.Take(); ok {
		return true, c.receive(m)
	}
	c.lookAhead()
	c.ring()
	for i := len(c.nodes) - 1; i >= 0; i-- {
		if n := c.nodes[i]; n.operator != nil {
			if worked, err := c.work(n); worked || err != nil {
				return true, err
			}
		}
	}
	if worked, err := c.intake(); worked || err != nil {
		return true, err
	}
	return c.flush(), nil
}

// work does one call's worth of a node's work.
func (c *Chain) work(n *node) (worked bool, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = actor.Panicked(n.step.ID, r)
		} else if err != nil {
			err = fmt.Errorf("step %q: %w", n.step.ID, err)
		}
		err = failure.InStep(n.step.ID, err)
	}()
	switch {
	case n.sink != nil && n.sink.due(n.barrierIsNext()):
		return true, n.sink.work(n.barrierIsNext())
	case n.controls.Len() > 0 && !n.pending:
		n.pending = true
		return true, n.controlled.Control(n.controls.Pop(), n)
	case n.overtaking != nil:
		b := *n.overtaking
		n.overtaking = nil
		return true, c.pass(n, b)
	case n.barrierIsNext() && !n.isHolding():
		return true, c.pass(n, n.queue.Pop().Element.Barrier)
	case n.pending && n.takesNow():
		return true, n.take(n.queue.Pop())
	case n.Full() || !n.pending && n.queue.Len() == 0 || !n.takes():
		return false, nil
	case n.pending:
		if n.pending, err = n.operator.Resume(n); !n.pending && n.ended {
			c.reportEnd(n)
		}
		return true, err
	}
	n.pending = true
	return true, n.take(n.queue.Pop())
}

// lookAhead brings a barrier to the head of the chain while that has output
// pending, so that it does not wait for a whole firing. The barrier may overtake
// watermarks, Idle and End, which sources send again after a restore. It waits
// behind rows.
func (c *Chain) lookAhead() {
	head := c.nodes[0]
	for c.inbox != nil && head.pending && head.overtaking == nil && !head.holdsRows() && !head.isHolding() {
		r, ok := c.inbox.Next()
		if !ok {
			return
		}
		if r.Element.Kind == stream.KindBarrier {
			b := r.Element.Barrier // alone: r is not to live on the heap
			head.overtaking = &b
			return
		}
		head.queue.Push(r)
	}
}

// intake brings the head of the chain something to do.
func (c *Chain) intake() (worked bool, err error) {
	if c.source != nil {
		return c.source.intake()
	}
	head := c.nodes[0]
	if head.queue.Len() > 0 {
		return false, nil
	}
	r, ok := c.inbox.Next()
	if ok {
		head.queue.Push(r)
	}
	return ok, nil
}

// flush sends, when there is nothing else to do, the rows that senders gather.
func (c *Chain) flush() (worked bool) {
	for _, s := range c.senders {
		if s.Holds() && !s.Full() {
			s.Flush()
			worked = true
		}
	}
	return worked
}

func (c *Chain) receive(m toChain) error {
	switch m := m.(type) {
	case Assign:
		c.source.assign(m)
	case fetched:
		return c.source.fetched(m)
	case Trigger:
		return c.trigger(m)
	case Drain:
		c.source.drain()
	case Hold:
		c.source.held = m.On
	case Align:
		c.source.alignTo(m.Limit)
	case acknowledged:
		c.source.acknowledged(m)
	case persisted:
		return c.acknowledge(m)
	case Completed:
		for _, n := range c.nodes {
			n.completed(m.ID)
		}
	}
	return nil
}

// trigger starts a barrier at the head of a source's chain. A source that has
// stopped answers, too: the checkpoint that it stopped with may have failed.
func (c *Chain) trigger(t Trigger) error {
	c.source.stopped = c.source.stopped || t.Barrier.Stop
	c.source.forget(t.Forget)
	return c.pass(c.source.node, t.Barrier)
}

// pass takes a node's share of a checkpoint and sends the barrier on. What the
// node has emitted is before the barrier; what is still pending follows from
// the share.
func (c *Chain) pass(n *node, b stream.Barrier) error {
	p, err := c.share(n, b.ID)
	if err != nil {
		return err
	}
	for i := range n.outputs {
		n.outputs[i].send(stream.BarrierOf(b))
	}
	before := n.objects
	c.host.Background("persist "+n.name(), func(ctx context.Context) func() {
		p.persist(ctx, c, n, before)
		return func() { c.mail.Post(persisted{n, p}) }
	})
	return nil
}

// share takes a node's share of a checkpoint, unless there is no room for it. A writer takes its
// share in any case: it has its own place to write to.
func (c *Chain) share(n *node, id stream.CheckpointID) (*share, error) {
	if n.writer == nil {
		if full := c.room(askEvery); full != nil {
			return n.decline(id, full), nil
		}
	}
	return n.freeze(id)
}

// acknowledge tells the master of shares that are durable. A sink that could not
// make rows durable has lost them: only a restart brings them back.
func (c *Chain) acknowledge(m persisted) error {
	if m.share.err != nil && m.node.writer != nil {
		lost := fmt.Errorf("sink %q: checkpoint %d: %w", m.node.step.ID, m.share.id, m.share.err)
		return failure.Restart(failure.At(failure.Place{Step: m.node.step.ID, Checkpoint: uint64(m.share.id)}, lost))
	}
	for _, ack := range m.node.acknowledgements(m.share) {
		c.report(ack)
	}
	return nil
}

func (c *Chain) reportEnd(n *node) {
	c.report(Ended{Step: n.step.ID, Subtask: n.subtask})
}

// Close releases what the chain holds, when it is not stepped any more. What one
// step does, a panic perhaps, keeps the others from nothing.
func (c *Chain) Close() error {
	for m, ok := c.mail.Take(); ok; m, ok = c.mail.Take() {
		if f, ok := m.(fetched); ok && f.Batch != nil {
			f.Batch.Release()
		}
	}
	if c.inbox != nil {
		c.inbox.Close()
	}
	for _, s := range c.senders {
		s.Close()
	}
	var first error
	closeStep := func(n *node, close func() error) {
		if err := actor.Guard(n.step.ID, close); err != nil && first == nil {
			first = fmt.Errorf("step %q: close: %w", n.step.ID, err)
		}
	}
	if c.source != nil {
		closeStep(c.source.node, c.source.close)
	}
	for _, n := range c.nodes {
		closeStep(n, n.close)
		if n.state != nil {
			n.state.Close()
		}
	}
	return first
}
