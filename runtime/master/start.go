package master

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/weirstream/weir/runtime/actor"
	"github.com/weirstream/weir/runtime/checkpoint"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/stream"
)

// This file is how a master comes to run a job.

// begin is the first step.
func (m *master) begin() {
	m.begun = true
	m.mu.Lock()
	m.mu.began = m.host.Now()
	m.mu.Unlock()
	m.takeOver()
}

// takeOver makes this process the owner of the job's checkpoints.
func (m *master) takeOver() {
	options := m.options.checkpointOptions(m.graph, m.plan)
	m.host.Background("take over", func(ctx context.Context) func() {
		var owner *checkpoint.Owner
		err := m.options.beginWithSavepoint(ctx, options)
		if err == nil {
			owner, err = checkpoint.TakeOver(ctx, m.options.Store, options)
		}
		return func() { m.mail.Post(tookOver{owner, err}) }
	})
}

// beginWithSavepoint fills an empty store with the savepoint that the job is to begin with, if
// there is one.
func (o Options) beginWithSavepoint(ctx context.Context, options checkpoint.Options) error {
	if o.Savepoint == nil {
		return nil
	}
	saved, err := checkpoint.ReadSavepoint(ctx, o.Savepoint)
	if err == nil {
		_, err = saved.Begin(ctx, o.Store, options)
	}
	return err
}

// restore commits what the last checkpoint decided; then the chains are built as it left them.
func (m *master) restore(t tookOver) error {
	if errors.Is(t.err, checkpoint.ErrFinished) {
		m.setState(status.Finished)
		return errEnded
	}
	if t.err != nil {
		return t.err
	}
	m.owner = t.owner
	m.mu.Lock()
	m.mu.status.Checkpoint, m.mu.status.Restored = m.restoredFrom(), m.restoredFrom()
	m.mu.Unlock()
	if t.owner.Changed != nil {
		m.warn(errors.New(t.owner.Changed.Accepted()))
	}
	for _, w := range t.owner.Warnings {
		m.warn(w)
	}
	m.recovery = &recovery{}
	m.recover()
	return nil
}

// recovery is how a run comes to begin: the commits that are due are tried until they succeed.
type recovery struct {
	checkpoint.Retry
	sinks   []checkpoint.Sink
	running bool
}

// due returns when to try again; zero is never.
func (r *recovery) due() time.Time {
	if r == nil || r.running {
		return time.Time{}
	}
	return r.Again
}

// recover makes the committers, once, and has them commit what is due.
func (m *master) recover() {
	m.recovery.running = true
	sinks := m.recovery.sinks
	m.host.Background("recover", func(ctx context.Context) func() {
		var err error
		if sinks == nil {
			sinks, err = m.committers()
		}
		if err == nil {
			err = m.owner.Recover(ctx, sinks)
		}
		return func() { m.mail.Post(recovered{sinks, err}) }
	})
}

// recovered has the chains built, once nothing is due any more.
func (m *master) recovered(r recovered) error {
	m.recovery.running, m.recovery.sinks = false, r.sinks
	var due *checkpoint.Uncommitted
	if errors.As(r.err, &due) && due.Again() {
		return m.recoverAgain(due)
	}
	if r.err != nil {
		return r.err
	}
	m.recovery = nil
	m.mu.Lock()
	m.mu.status.Due = nil
	m.mu.Unlock()
	m.waitFor(nil)
	m.host.Background("restore", func(ctx context.Context) func() {
		b, err := m.build(ctx)
		return func() { m.mail.Post(restored{b, err}) }
	})
	return nil
}

// recoverAgain waits for the next attempt, unless there have been enough.
func (m *master) recoverAgain(due *checkpoint.Uncommitted) error {
	now := m.host.Now()
	if m.recovery.Failed(now, m.options.CommitTimeout, due.Err); m.recovery.Over(now, m.options.CommitTimeout) {
		return m.recovery.GivenUp(now)
	}
	m.mu.Lock()
	m.mu.status.Due = []status.Due{{Sink: due.Sink, Checkpoints: due.Checkpoints, Since: m.recovery.Since, Why: due.Err.Error()}}
	m.mu.Unlock()
	m.waitFor(fmt.Errorf("%s: %w", due.What(), due.Err))
	m.warn(failure.InStep(due.Sink, due.Err))
	return nil
}

// run begins to step the chains.
func (m *master) run(r restored) error {
	if r.err != nil {
		return r.err
	}
	m.coordinator = checkpoint.NewCoordinator(m.owner,
		checkpoint.Timing{Interval: m.options.CheckpointInterval, Timeout: m.options.CheckpointTimeout,
			CommitTimeout: m.options.CommitTimeout})
	m.sources = r.built.sources
	m.mu.Lock()
	m.mu.chains = r.built.chains
	m.mu.status.State = status.Running
	m.mu.status.Generation = m.owner.Generation
	m.mu.Unlock()
	m.observe(status.Event{Kind: status.Began, Generation: m.owner.Generation, Checkpoint: m.restoredFrom()})
	actors := make([]actor.Actor, len(r.built.chains))
	for i, c := range r.built.chains {
		actors[i] = c
	}
	m.host.Add(actors...)
	for _, s := range m.sources {
		m.handOut(s)
		m.discover(s)
	}
	if err := m.carryOut(m.coordinator.Step(checkpoint.Started{Now: m.host.Now()})); err != nil {
		return err
	}
	if len(m.wishes) > 0 {
		if err := m.tell(checkpoint.CheckpointRequested{}); err != nil {
			return err
		}
	}
	if m.shortage != nil {
		if err := m.hold(true); err != nil {
			return err
		}
	}
	if m.drains {
		return m.stop(stop{drain: true})
	}
	return nil
}

// restoredFrom returns the checkpoint that the run began with, 0 in a fresh run.
func (m *master) restoredFrom() stream.CheckpointID {
	if m.owner.Manifest == nil {
		return 0
	}
	return m.owner.Manifest.Checkpoint
}
