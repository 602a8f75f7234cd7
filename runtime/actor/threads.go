package actor

import (
	"context"
	"runtime/pprof"
	"sync"
	"time"
)

// Threads is the host of production: a goroutine for each actor and for each
// piece of background work.
type Threads struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	group  sync.WaitGroup
	now    func() time.Time
}

// NewThreads returns a host without actors. now is its clock.
func NewThreads(now func() time.Time) *Threads {
	ctx, cancel := context.WithCancelCause(context.Background())
	return &Threads{ctx: ctx, cancel: cancel, now: now}
}

// Now implements Host.
func (h *Threads) Now() time.Time { return h.now() }

// Add implements Host.
func (h *Threads) Add(actors ...Actor) {
	wakes := make([]chan struct{}, len(actors))
	for i, a := range actors {
		woken := make(chan struct{}, 1)
		wakes[i] = woken
		a.Attach(func() {
			select {
			case woken <- struct{}{}:
			default: // it will be stepped anyway
			}
		})
	}
	for i, a := range actors {
		h.group.Go(func() { h.run(a, wakes[i]) })
	}
}

// run steps an actor until the host stops or the actor fails.
func (h *Threads) run(a Actor, woken <-chan struct{}) {
	if l, ok := a.(Labelled); ok { // goroutines that this one starts inherit them
		pprof.SetGoroutineLabels(pprof.WithLabels(h.ctx, pprof.Labels(l.Labels()...)))
	}
	name := a.Name()
	for {
		more, err := h.step(a, name)
		if err != nil {
			h.cancel(err)
		}
		if h.ctx.Err() != nil {
			return
		}
		if !more {
			h.wait(a, woken)
		}
	}
}

func (h *Threads) step(a Actor, name string) (more bool, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = Panicked(name, r)
		}
	}()
	return a.Step()
}

func (h *Threads) wait(a Actor, woken <-chan struct{}) {
	var due <-chan time.Time
	if deadline := a.Deadline(); !deadline.IsZero() {
		timer := time.NewTimer(deadline.Sub(h.now()))
		defer timer.Stop()
		due = timer.C
	}
	select {
	case <-woken:
	case <-due:
	case <-h.ctx.Done():
	}
}

// Background implements Host.
func (h *Threads) Background(name string, work Work) {
	h.group.Go(func() { h.perform(name, work) })
}

// perform performs work and tells of it.
func (h *Threads) perform(name string, work Work) {
	defer func() {
		if r := recover(); r != nil {
			h.cancel(Panicked(name, r))
		}
	}()
	work(h.ctx)()
}

// Worker implements Host. All work is done by one goroutine, which the first of it
// starts: a new one for each piece would have to grow its stack each time.
func (h *Threads) Worker(name string) func(Work) {
	var given chan Work
	return func(work Work) {
		if given == nil {
			given = make(chan Work, 1)
			h.group.Go(func() {
				for h.ctx.Err() == nil {
					select {
					case work := <-given:
						h.perform(name, work)
					case <-h.ctx.Done():
					}
				}
			})
		}
		given <- work
	}
}

// Context returns that of background work, which ends when the host stops.
func (h *Threads) Context() context.Context { return h.ctx }

// Cancel stops the host: actors are not stepped any more, and background work is
// told by its context.
func (h *Threads) Cancel(why error) { h.cancel(why) }

// Stopped returns, once nothing runs any more, why the host was stopped: by an
// actor's error, or by Cancel.
func (h *Threads) Stopped() error {
	<-h.ctx.Done()
	h.group.Wait()
	return context.Cause(h.ctx)
}
