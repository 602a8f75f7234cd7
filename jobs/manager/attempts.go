package manager

import (
	"context"
	"sync"
)

// attempts counts what was asked of a job's goroutine and what of that it has done, so that
// whoever asks can wait for it.
type attempts struct {
	mu    sync.Mutex
	asked int
	done  int
	news  chan struct{} // closed when done grows
}

func newAttempts() *attempts { return &attempts{asked: 1, news: make(chan struct{})} }

// ask notes that there is more to do.
func (a *attempts) ask() {
	a.mu.Lock()
	a.asked++
	a.mu.Unlock()
}

// begin returns what is asked: what is done now is done for all of that.
func (a *attempts) begin() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.asked
}

// end says that all of that is done.
func (a *attempts) end(asked int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.done = max(a.done, asked)
	close(a.news)
	a.news = make(chan struct{})
}

// await waits until what is asked so far is done, or nothing is done any more.
func (a *attempts) await(ctx context.Context, over <-chan struct{}) error {
	asked := a.begin()
	for {
		a.mu.Lock()
		done, news := a.done, a.news
		a.mu.Unlock()
		if done >= asked {
			return nil
		}
		select {
		case <-news:
		case <-over:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
