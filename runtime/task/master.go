package task

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/weirstream/weir/runtime/checkpoint"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/stream"
)

// errEnded stops the host when a job has come to its end.
var errEnded = errors.New("the job has ended")

// master is the actor that a job begins with. It takes over the job's
// checkpoints, restores the chains, and from then on is the shell of the
// checkpoint coordinator and of the enumerators of sources.
type master struct {
	host    Host
	graph   *graph.Graph
	plan    *graph.Physical
	options Options
	mail    mailbox[toMaster]
	began   time.Time
	begun   bool

	owner       *checkpoint.Owner
	coordinator *checkpoint.Coordinator
	sources     []*enumeration

	mu struct {
		sync.Mutex
		status status.Job // without steps
		chains []*chain
	}
}

// toMaster is a message for the master.
type toMaster interface{ masterMessage() }

// The messages for the master.
type (
	// tookOver: the job's checkpoints are this owner's.
	tookOver struct {
		owner *checkpoint.Owner
		err   error
	}
	// restored: what was decided is committed, and the chains stand where the
	// last checkpoint left them.
	restored struct {
		built *built
		err   error
	}
	// acknowledged: a subtask's part of a checkpoint is durable, or err says why not.
	acknowledged struct {
		step    string
		subtask int
		id      stream.CheckpointID
		entry   checkpoint.Entry
		err     error
	}
	// ended: a subtask has processed all its input.
	ended struct {
		step    string
		subtask int
	}
	// splitFinished: a split has been read to its end.
	splitFinished struct {
		source string
		split  stream.SplitID
	}
	// discovered is the outcome of a discovery.
	discovered struct {
		source *enumeration
		found  discovery
		err    error
	}
	// worked is the outcome of a piece of the coordinator's work.
	worked struct{ event checkpoint.Event }
	// stop asks for a last checkpoint and the end; if drain is set, as if the
	// input had ended.
	stop struct{ drain bool }
)

func (tookOver) masterMessage()      {}
func (restored) masterMessage()      {}
func (acknowledged) masterMessage()  {}
func (ended) masterMessage()         {}
func (splitFinished) masterMessage() {}
func (discovered) masterMessage()    {}
func (worked) masterMessage()        {}
func (stop) masterMessage()          {}

// Name implements Actor.
func (m *master) Name() string { return "master" }

// Attach implements Actor.
func (m *master) Attach(wake func()) { m.mail.wake = wake }

// Deadline implements Actor.
func (m *master) Deadline() time.Time {
	if m.coordinator == nil {
		return time.Time{}
	}
	earliest, _ := m.coordinator.Wake()
	for _, s := range m.sources {
		if due := s.due(); !due.IsZero() && (earliest.IsZero() || due.Before(earliest)) {
			earliest = due
		}
	}
	return earliest
}

// Step implements Actor.
func (m *master) Step() (more bool, err error) {
	if !m.begun {
		m.begun = true
		m.began = m.host.Now()
		m.takeOver()
		return true, nil
	}
	if message, ok := m.mail.take(); ok {
		return true, m.receive(message)
	}
	if m.coordinator == nil {
		return false, nil
	}
	now := m.host.Now()
	for _, s := range m.sources {
		if due := s.due(); !due.IsZero() && !due.After(now) {
			m.discover(s)
		}
	}
	if due, ok := m.coordinator.Wake(); ok && !due.After(now) {
		return true, m.tell(checkpoint.Tick{Now: now})
	}
	return false, nil
}

func (m *master) receive(message toMaster) error {
	switch message := message.(type) {
	case tookOver:
		return m.restore(message)
	case restored:
		return m.run(message)
	case acknowledged:
		if message.err != nil {
			return m.tell(checkpoint.Decline{Checkpoint: message.id, Step: message.step, Subtask: message.subtask, Err: message.err})
		}
		return m.tell(checkpoint.Ack{Checkpoint: message.id, Step: message.step, Subtask: message.subtask, Entry: message.entry})
	case ended:
		return m.tell(checkpoint.SubtaskFinished{Step: message.step, Subtask: message.subtask})
	case splitFinished:
		m.source(message.source).splitFinished(message.split, m.host.Now())
	case discovered:
		return m.assign(message)
	case worked:
		return m.tell(message.event)
	case stop:
		if m.coordinator == nil {
			return errEnded // nothing has run yet
		}
		m.setState(status.Stopping)
		return m.tell(checkpoint.StopRequested{Drain: message.drain})
	}
	return nil
}

// takeOver makes this process the owner of the job's checkpoints.
func (m *master) takeOver() {
	options := m.options.checkpointOptions(m.graph, m.plan)
	m.host.Background("take over", func(context.Context) func() {
		owner, err := checkpoint.TakeOver(m.options.Store, options)
		return func() { m.mail.post(tookOver{owner, err}) }
	})
}

// restore commits what the last checkpoint decided, and then builds the chains
// as it left them.
func (m *master) restore(t tookOver) error {
	if errors.Is(t.err, checkpoint.ErrFinished) {
		m.setState(status.Finished)
		return errEnded
	}
	if t.err != nil {
		return fmt.Errorf("take over the checkpoints: %w", t.err)
	}
	m.owner = t.owner
	m.host.Background("recover", func(ctx context.Context) func() {
		b, err := m.build(ctx)
		return func() { m.mail.post(restored{b, err}) }
	})
	return nil
}

// run begins to step the chains.
func (m *master) run(r restored) error {
	if r.err != nil {
		return r.err
	}
	m.coordinator = checkpoint.NewCoordinator(m.owner, checkpoint.Timing{Interval: m.options.CheckpointInterval})
	m.sources = r.built.sources
	m.mu.Lock()
	m.mu.chains = r.built.chains
	m.mu.status.State = status.Running
	m.mu.status.Generation = m.owner.Generation
	if m.owner.Manifest != nil {
		m.mu.status.Restored = m.owner.Manifest.Checkpoint
		m.mu.status.Checkpoint = m.owner.Manifest.Checkpoint
	}
	m.mu.Unlock()
	actors := make([]Actor, len(r.built.chains))
	for i, c := range r.built.chains {
		actors[i] = c
	}
	m.host.Add(actors...)
	for _, s := range m.sources {
		s.handOut()
		m.discover(s)
	}
	return m.tell(checkpoint.Started{Now: m.host.Now()})
}

// tell hands the coordinator an event and carries out its effects.
func (m *master) tell(e checkpoint.Event) error {
	for _, effect := range m.coordinator.Step(e) {
		if err := m.carryOut(effect); err != nil {
			return err
		}
	}
	return nil
}

func (m *master) carryOut(effect checkpoint.Effect) error {
	switch effect := effect.(type) {
	case checkpoint.Trigger:
		for _, s := range m.sources {
			m.mail.post(s.acknowledge(effect.Barrier.ID))
			for _, c := range s.chains {
				c.mail.post(trigger{effect.Barrier})
			}
		}
	case checkpoint.Completed:
		m.mu.Lock()
		m.mu.status.Checkpoint = effect.ID
		chains := m.mu.chains
		m.mu.Unlock()
		for _, c := range chains {
			c.mail.post(completed{effect.ID})
		}
	case checkpoint.Drain:
		for _, s := range m.sources {
			for _, c := range s.chains {
				c.mail.post(drain{})
			}
		}
	case checkpoint.Aborted:
		m.warn(fmt.Errorf("checkpoint %d was given up: %w", effect.ID, effect.Err))
	case checkpoint.Warning:
		m.warn(effect.Err)
	case checkpoint.Work:
		m.host.Background(effect.Name, func(ctx context.Context) func() {
			event := effect.Do(ctx)
			return func() { m.mail.post(worked{event}) }
		})
	case checkpoint.Ended:
		return m.end(effect)
	}
	return nil
}

// end ends the job as the coordinator says.
func (m *master) end(e checkpoint.Ended) error {
	if e.Outcome == checkpoint.OutcomeLost {
		return ErrLost
	}
	if e.Err != nil {
		return e.Err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.mu.status.State = status.Finished
	if e.Outcome == checkpoint.OutcomeStopped {
		m.mu.status.State = status.Stopped
	}
	return errEnded
}

// warn tells of a failure that the job goes on after.
func (m *master) warn(err error) {
	if m.options.Warn != nil {
		m.options.Warn(err)
	}
}

func (m *master) setState(s status.State) {
	m.mu.Lock()
	m.mu.status.State = s
	m.mu.Unlock()
}
