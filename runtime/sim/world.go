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
	"hash/fnv"
	"math/rand/v2"
	"time"

	"github.com/weirstream/weir/runtime/task"
)

// World hosts the actors of one process. It implements [task.Host] and
// env.Clock. It is for one goroutine.
type World struct {
	random *rand.Rand
	now    time.Time
	actors []*actor
	// jobs are the pieces of background work under way. Work is done in one
	// step and its outcome told in a later one, so that anything, a crash
	// included, can come between.
	jobs []job
	err  error

	steps uint64
	trace uint64 // a hash of all that happened, in order
}

type actor struct {
	task.Actor
	awake bool
}

type job struct {
	name string
	work func(context.Context) (tell func())
	tell func() // once work is done
}

var _ task.Host = (*World)(nil)

// epoch is when the clock of every world begins.
var epoch = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)

// NewWorld returns a world without actors. All choices are drawn from random.
func NewWorld(random *rand.Rand) *World { return &World{random: random, now: epoch} }

// Now implements task.Host and env.Clock.
func (w *World) Now() time.Time { return w.now }

// Sleep implements env.Clock: it moves the clock, and returns at once.
func (w *World) Sleep(ctx context.Context, d time.Duration) error {
	w.now = w.now.Add(d)
	return ctx.Err()
}

// Add implements task.Host.
func (w *World) Add(actors ...task.Actor) {
	for _, a := range actors {
		entry := &actor{Actor: a, awake: true}
		a.Attach(func() { entry.awake = true })
		w.actors = append(w.actors, entry)
	}
}

// Background implements task.Host.
func (w *World) Background(name string, work func(context.Context) func()) {
	w.jobs = append(w.jobs, job{name: name, work: work})
}

// Err returns the error that ended the world, if one did.
func (w *World) Err() error { return w.err }

// Trace identifies the course of the run so far: equal for equal seeds.
func (w *World) Trace() uint64 { return w.trace }

// Steps returns how many steps have been made.
func (w *World) Steps() uint64 { return w.steps }

// Step makes one step: an actor's, a piece of background work, or the news of
// its outcome, whichever is drawn. With nothing to do it moves the clock to the
// next deadline. It returns false where nothing will ever happen again.
func (w *World) Step() bool {
	if w.err != nil {
		return false
	}
	awake := w.awake()
	if len(awake)+len(w.jobs) == 0 {
		return w.sleep()
	}
	w.steps++
	if n := w.random.IntN(len(awake) + len(w.jobs)); n < len(awake) {
		w.stepActor(awake[n])
	} else {
		w.stepJob(n - len(awake))
	}
	// Time passes with work, so that deadlines meet a busy job, too.
	w.now = w.now.Add(time.Duration(w.random.IntN(200)) * time.Microsecond)
	return true
}

func (w *World) awake() []*actor {
	var awake []*actor
	for _, a := range w.actors {
		if due := a.Deadline(); !due.IsZero() && !due.After(w.now) {
			a.awake = true
		}
		if a.awake {
			awake = append(awake, a)
		}
	}
	return awake
}

func (w *World) stepActor(a *actor) {
	w.note(a.Name())
	a.awake = false
	more, err := a.Step()
	a.awake = a.awake || more
	if err != nil {
		w.err = fmt.Errorf("%s: %w", a.Name(), err)
	}
}

func (w *World) stepJob(i int) {
	j := &w.jobs[i]
	w.note(j.name)
	if j.tell == nil {
		j.tell = j.work(context.Background())
		return
	}
	tell := j.tell
	w.jobs = append(w.jobs[:i], w.jobs[i+1:]...)
	tell()
}

// sleep moves the clock to the earliest deadline, if there is one.
func (w *World) sleep() bool {
	var earliest time.Time
	for _, a := range w.actors {
		if due := a.Deadline(); !due.IsZero() && (earliest.IsZero() || due.Before(earliest)) {
			earliest = due
		}
	}
	if earliest.IsZero() {
		return false
	}
	if earliest.After(w.now) {
		w.now = earliest
	}
	return true
}

func (w *World) note(what string) {
	h := fnv.New64a()
	fmt.Fprintf(h, "%x %s", w.trace, what)
	w.trace = h.Sum64()
}
