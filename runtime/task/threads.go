package task

import (
	"context"
	"sync"
	"time"
)

// threads is the host of production: a goroutine for each actor and for each
// piece of background work.
type threads struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	group  sync.WaitGroup
	now    func() time.Time
}

func newThreads(now func() time.Time) *threads {
	ctx, cancel := context.WithCancelCause(context.Background())
	return &threads{ctx: ctx, cancel: cancel, now: now}
}

// Now implements Host.
func (h *threads) Now() time.Time { return h.now() }

// Add implements Host.
func (h *threads) Add(actors ...Actor) {
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
func (h *threads) run(a Actor, woken <-chan struct{}) {
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

func (h *threads) step(a Actor, name string) (more bool, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = panicked(name, r)
		}
	}()
	return a.Step()
}

func (h *threads) wait(a Actor, woken <-chan struct{}) {
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
func (h *threads) Background(name string, work func(context.Context) func()) {
	h.group.Go(func() {
		defer func() {
			if r := recover(); r != nil {
				h.cancel(panicked(name, r))
			}
		}()
		work(h.ctx)()
	})
}

// stopped returns, once nothing runs any more, why the host was stopped.
func (h *threads) stopped() error {
	<-h.ctx.Done()
	h.group.Wait()
	return context.Cause(h.ctx)
}
