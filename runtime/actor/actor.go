// Package actor is how the parts of a job are stepped. All of a job's logic is in
// actors ([Actor]): pure state machines that never block. What may block (reading,
// uploading, committing) they hand to their [Host] as background work, whose
// outcome comes back as a message in their [Mailbox].
//
// The host of production gives each actor a goroutine ([Threads]); the simulation
// (runtime/sim) steps the very same actors one after the other under a seed.
package actor

import (
	"context"
	"time"
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

// Labelled is an actor that profiles of the process tell from others: its goroutine, and those
// of background work that it has done, have these labels.
type Labelled interface {
	// Labels returns keys and values in turn.
	Labels() []string
}

// Host steps actors and does their background work.
type Host interface {
	// Now is the processing time.
	Now() time.Time
	// Add attaches the actors, all of them, and then begins to step them.
	Add(actors ...Actor)
	// Background performs work off the actors. What it returns is run
	// afterwards: it tells an actor of the outcome by a message.
	Background(name string, work Work)
	// Worker returns what performs work of one kind in the background, again and
	// again. It is given the next piece when it has told of the one before. Where much
	// is to be done in short pieces it costs less than Background does.
	Worker(name string) (perform func(Work))
}

// Work is a piece of background work. What it returns tells of the outcome.
type Work = func(ctx context.Context) (tell func())
