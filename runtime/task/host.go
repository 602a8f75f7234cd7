// Package task runs a job: it turns chains of steps into actors, steps them,
// and keeps the coordinator of checkpoints among them.
//
// All of a job's logic is in actors, of which there are two kinds: a [chain] of
// steps for each subtask, and the one [master], which owns the coordinator and
// the enumerators of sources. An actor is stepped by a [Host] and never blocks;
// what may block (reading, uploading, committing) it hands to the host as
// background work. Actors hear of each other by elements in an inbox and by
// messages in a mailbox.
//
// The host of production gives each actor a goroutine ([Start]); the simulation
// (runtime/sim) steps the very same actors one after the other under a seed.
package task

import (
	"context"
	"sync"
	"time"

	"github.com/weirstream/weir/runtime/fifo"
)

// Actor is a part of a job that is stepped by one goroutine at a time.
type Actor interface {
	// Name tells actors apart in traces: "hourly/0".
	Name() string
	// Attach tells the actor how it is woken, before it is stepped.
	Attach(wake func())
	// Step does a bounded amount of work. It returns false where there is
	// nothing to do until somebody wakes the actor or its deadline comes. An
	// error ends the job.
	Step() (more bool, err error)
	// Deadline returns when the actor wants to be stepped though nobody woke
	// it; the zero time is never.
	Deadline() time.Time
}

// Host steps actors and does their background work.
type Host interface {
	// Now is the processing time.
	Now() time.Time
	// Add attaches the actors, all of them, and then begins to step them.
	Add(actors ...Actor)
	// Background performs work off the actors. What it returns is run
	// afterwards: it tells an actor of the outcome by a message.
	Background(name string, work func(ctx context.Context) (tell func()))
}

// mailbox is the messages for one actor, in the order in which they were sent.
type mailbox[M any] struct {
	wake func()

	mu    sync.Mutex
	queue fifo.Queue[M]
}

func (m *mailbox[M]) post(message M) {
	m.mu.Lock()
	m.queue.Push(message)
	m.mu.Unlock()
	m.wake()
}

func (m *mailbox[M]) take() (message M, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.queue.Len() == 0 {
		return message, false
	}
	return m.queue.Pop(), true
}
