// Package sim runs jobs under a seed: the host that steps the very actors of
// production, one at a time, in an order drawn from a random source, with a
// clock of its own. The same seed gives the same run, so that a failure can be
// looked at as often as it takes.
//
// A [World] is one process. A test that kills the process drops its World; one
// that lets a lost owner wake up later steps an old World beside the new.
package sim

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/weirstream/weir/runtime/actor"
)

// World hosts the actors of one process. It implements [actor.Host] and
// env.Clock. It is for one goroutine.
type World struct {
	random *rand.Rand
	now    time.Time
	pace   time.Duration // less than that passes with a step
	actors []*hosted
	// jobs are the pieces of background work under way. Work is done in one
	// step and its outcome told in a later one, so that anything, a crash
	// included, can come between.
	jobs []*job
	err  error

	steps uint64
	trace uint64 // a hash of all that happened, in order

	awake []*hosted // those that Step can choose from
	ready []*job
}

type hosted struct {
	actor.Actor
	awake bool
}

type job struct {
	name string
	from time.Time // no step of it is made before
	work func(context.Context) (tell func())
	tell func() // once work is done
}

var _ actor.Host = (*World)(nil)

// epoch is when the clock of every world begins.
var epoch = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)

// NewWorld returns a world without actors. All choices are drawn from random,
// among them how fast the processor is: a step takes up to 0.1 to 12.8 ms.
func NewWorld(random *rand.Rand) *World {
	return &World{random: random, now: epoch, pace: 100 * time.Microsecond << random.IntN(8)}
}

// Now implements actor.Host and env.Clock.
func (w *World) Now() time.Time { return w.now }

// Sleep implements env.Clock: it moves the clock, and returns at once.
func (w *World) Sleep(ctx context.Context, d time.Duration) error {
	w.now = w.now.Add(d)
	return ctx.Err()
}

// Add implements actor.Host.
func (w *World) Add(actors ...actor.Actor) {
	for _, a := range actors {
		entry := &hosted{Actor: a, awake: true}
		a.Attach(func() { entry.awake = true })
		w.actors = append(w.actors, entry)
	}
}

// Background implements actor.Host. Now and then the work is slow, for up to two
// seconds, so that what was begun later is done before.
func (w *World) Background(name string, work actor.Work) {
	j := &job{name: name, work: work, from: w.now}
	if w.random.IntN(8) == 0 {
		j.from = w.now.Add(time.Millisecond << w.random.IntN(12))
	}
	w.jobs = append(w.jobs, j)
}

// Worker implements actor.Host. Each piece is one like any other.
func (w *World) Worker(name string) func(actor.Work) {
	return func(work actor.Work) { w.Background(name, work) }
}

// Err returns the error that ended the world, if one did.
func (w *World) Err() error { return w.err }

// Trace identifies the course of the run so far: equal for equal seeds.
func (w *World) Trace() uint64 { return w.trace }

// Steps returns how many steps have been made.
func (w *World) Steps() uint64 { return w.steps }

// Step makes one step: an actor's, a piece of background work, or the news of
// its outcome, whichever is drawn. With nothing to do it moves the clock to when
// there is. It returns false where nothing will ever happen again.
func (w *World) Step() bool {
	if w.err != nil {
		return false
	}
	w.choose()
	if len(w.awake)+len(w.ready) == 0 {
		return w.sleep()
	}
	w.steps++
	if n := w.random.IntN(len(w.awake) + len(w.ready)); n < len(w.awake) {
		w.stepActor(w.awake[n])
	} else {
		w.stepJob(w.ready[n-len(w.awake)])
	}
	// Time passes with work, so that deadlines meet a busy job, too.
	w.now = w.now.Add(time.Duration(w.random.Int64N(int64(w.pace))))
	return true
}

// choose finds the actors and the background work that can make a step.
func (w *World) choose() {
	w.awake, w.ready = w.awake[:0], w.ready[:0]
	for _, a := range w.actors {
		if !a.awake {
			due := a.Deadline()
			a.awake = !due.IsZero() && !due.After(w.now)
		}
		if a.awake {
			w.awake = append(w.awake, a)
		}
	}
	for _, j := range w.jobs {
		if !j.from.After(w.now) {
			w.ready = append(w.ready, j)
		}
	}
}

func (w *World) stepActor(a *hosted) {
	w.note(a.Name())
	a.awake = false
	more, err := a.Step()
	a.awake = a.awake || more
	if err != nil {
		w.err = fmt.Errorf("%s: %w", a.Name(), err)
	}
}

func (w *World) stepJob(j *job) {
	w.note(j.name)
	if j.tell == nil {
		j.tell = j.work(context.Background())
		return
	}
	w.jobs = slices.DeleteFunc(w.jobs, func(other *job) bool { return other == j })
	j.tell()
}

// sleep moves the clock to the earliest deadline, if there is one.
func (w *World) sleep() bool {
	var earliest time.Time
	look := func(due time.Time) {
		if !due.IsZero() && (earliest.IsZero() || due.Before(earliest)) {
			earliest = due
		}
	}
	for _, a := range w.actors {
		look(a.Deadline())
	}
	for _, j := range w.jobs {
		look(j.from)
	}
	if earliest.IsZero() {
		return false
	}
	if earliest.After(w.now) {
		w.now = earliest
	}
	return true
}

// note adds to the trace who makes a step, by the hash FNV-1a.
func (w *World) note(who string) {
	for _, c := range []byte(who) {
		w.trace = (w.trace ^ uint64(c)) * 0x100000001b3
	}
	w.trace = (w.trace ^ 0xff) * 0x100000001b3
}
