package master

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/weirstream/weir/runtime/actor"
	"github.com/weirstream/weir/runtime/checkpoint"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/task"
)

// errEnded stops the host when a job has come to its end.
var errEnded = errors.New("the job has ended")

// master is the actor that a job begins with. It takes over the job's
// checkpoints, restores the chains, and from then on is the shell of the
// checkpoint coordinator and of the enumerators of sources.
type master struct {
	host    actor.Host
	graph   *graph.Graph
	plan    *graph.Physical
	options Options
	mail    actor.Mailbox[message]
	begun   bool
	drains  bool // as soon as the job runs

	owner       *checkpoint.Owner
	recovery    *recovery // until what is due is committed
	coordinator *checkpoint.Coordinator
	sources     []*enumeration
	shortage    *shortage // of room; nil: there is some
	taking      underWay
	wishes      []*wish           // savepoints that are not written yet
	ending      *checkpoint.Ended // waits for sources that are told of the last checkpoint

	mu struct {
		sync.Mutex
		status      status.Job // without steps
		began       time.Time
		chains      []*task.Chain
		checkpoints status.Checkpoints
		over        bool // nobody steps the job any more
	}
}

// Name implements actor.Actor.
func (m *master) Name() string { return "master" }

// Labels implements actor.Labelled.
func (m *master) Labels() []string { return []string{"job", m.graph.Name} }

// Attach implements actor.Actor.
func (m *master) Attach(wake func()) { m.mail.Attach(wake) }

// Deadline implements actor.Actor.
func (m *master) Deadline() (earliest time.Time) {
	sooner := func(at time.Time) {
		if !at.IsZero() && (earliest.IsZero() || at.Before(earliest)) {
			earliest = at
		}
	}
	sooner(m.shortage.due())
	sooner(m.recovery.due())
	if m.coordinator == nil {
		return earliest
	}
	wake, _ := m.coordinator.Wake()
	sooner(wake)
	for _, s := range m.sources {
		sooner(s.due())
	}
	return earliest
}

// Step implements actor.Actor.
func (m *master) Step() (more bool, err error) {
	if !m.begun {
		m.begin()
		return true, nil
	}
	if received, ok := m.mail.Take(); ok {
		return true, m.receive(received)
	}
	now := m.host.Now()
	if due := m.shortage.due(); !due.IsZero() && !due.After(now) {
		m.askForRoom()
	}
	if due := m.recovery.due(); !due.IsZero() && !due.After(now) {
		m.recover()
	}
	if m.coordinator == nil {
		return false, nil
	}
	for _, s := range m.sources {
		if due := s.due(); !due.IsZero() && !due.After(now) {
			m.discover(s)
		}
	}
	if due, ok := m.coordinator.Wake(); ok && !due.After(now) {
		return true, m.tell(nil)
	}
	return false, nil
}

func (m *master) receive(received message) error {
	switch received := received.(type) {
	case tookOver:
		return m.restore(received)
	case recovered:
		return m.recovered(received)
	case restored:
		return m.run(received)
	case reported:
		return m.report(received.Report)
	case discovered:
		return m.assign(received)
	case worked:
		return m.tell(received.event)
	case crowded:
		return m.runShort(received)
	case askedForRoom:
		return m.roomAnswered(received)
	case wished:
		return m.wish(received.wish)
	case granted:
		m.forget(received.wish)
	case wanted:
		return m.tell(checkpoint.CheckpointRequested{})
	case stop:
		return m.stop(received)
	}
	return nil
}

// report hands on what a chain says.
func (m *master) report(r task.Report) error {
	switch r := r.(type) {
	case task.Acknowledged:
		m.weigh(r)
		if r.Err != nil {
			return m.tell(checkpoint.Decline{Checkpoint: r.ID, Step: r.Step, Subtask: r.Subtask, Err: r.Err})
		}
		return m.tell(checkpoint.Ack{Checkpoint: r.ID, Step: r.Step, Subtask: r.Subtask, Entry: r.Entry})
	case task.Ended:
		return m.tell(checkpoint.SubtaskFinished{Step: r.Step, Subtask: r.Subtask})
	case task.Lost:
		m.warn(failure.InStep(r.Source, fmt.Errorf("source %q: %w", r.Source, r.What)))
	case task.Fronted:
		m.advanced(r)
	case task.Told:
		return m.told(r)
	case task.SplitFinished:
		m.splitFinished(r)
	}
	return nil
}

// stop ends the job. Where nothing has run yet a stop is over at once, and a
// drain waits for the job to begin.
func (m *master) stop(s stop) error {
	switch {
	case m.coordinator != nil:
		m.setState(status.Stopping)
		if m.shortage != nil {
			m.warn(errors.New("the job stops once there is room for its last checkpoint"))
		}
		return m.tell(checkpoint.StopRequested{Drain: s.drain})
	case s.drain:
		m.drains = true
		return nil
	}
	m.setState(status.Stopped)
	return errEnded
}

// tell hands the coordinator an event, with the time at which it came, and
// carries out the effects. nil tells it the time.
func (m *master) tell(e checkpoint.Event) error {
	effects := m.coordinator.Step(checkpoint.Tick{Now: m.host.Now()})
	if e != nil {
		effects = append(effects, m.coordinator.Step(e)...)
	}
	m.showDue()
	return m.carryOut(effects)
}

func (m *master) carryOut(effects []checkpoint.Effect) error {
	for _, effect := range effects {
		if err := m.effect(effect); err != nil {
			return err
		}
	}
	return nil
}

func (m *master) effect(effect checkpoint.Effect) error {
	switch effect := effect.(type) {
	case checkpoint.Trigger:
		m.triggered(effect.Barrier.ID)
		for _, s := range m.sources {
			m.trigger(s, effect.Barrier)
		}
	case checkpoint.Completed:
		m.decided(effect.ID)
		for _, c := range m.mu.chains { // only this goroutine changes them
			c.Post(task.Completed{ID: effect.ID})
		}
		for _, s := range m.sources {
			m.settled(s, effect.ID)
		}
	case checkpoint.CheckpointTaken:
		m.save(effect.ID)
	case checkpoint.Drain:
		for _, s := range m.sources {
			for _, c := range s.chains {
				c.Post(task.Drain{})
			}
		}
	case checkpoint.Aborted:
		m.givenUp(effect)
		m.warn(failure.At(failure.Place{Checkpoint: uint64(effect.ID)}, fmt.Errorf("checkpoint %d was given up: %w", effect.ID, effect.Err)))
	case checkpoint.Warning:
		m.warn(effect.Err)
	case checkpoint.Work:
		m.host.Background(effect.Name, func(ctx context.Context) func() {
			event := effect.Do(ctx)
			return func() { m.mail.Post(worked{event}) }
		})
	case checkpoint.Ended:
		return m.endWhenTold(effect)
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

func (m *master) setState(s status.State) {
	m.mu.Lock()
	m.mu.status.State = s
	m.mu.Unlock()
}
