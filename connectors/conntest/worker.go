package conntest

import (
	"time"

	"github.com/weirstream/weir/runtime/stream"
)

// This file drives writers that work away from their chain, as the engine does.

// bell is rung when a writer wants to be asked.
type bell chan struct{}

func (b bell) wake() {
	select {
	case b <- struct{}{}:
	default: // it rings already
	}
}

// work asks a writer that is a [stream.Worker], whenever it wants to be asked, until it stands as
// it should.
func (j *job) work(w stream.Writer, hurry bool, enough func(stream.Standing) bool) error {
	worker, ok := w.(stream.Worker)
	if !ok {
		return nil
	}
	for {
		s, err := worker.Work(j.env.Clock.Now(), hurry)
		if err != nil || enough(s) {
			return err
		}
		var next <-chan time.Time
		if !s.Next.IsZero() {
			next = time.After(s.Next.Sub(j.env.Clock.Now()))
		}
		select {
		case <-j.woken:
		case <-next:
		}
	}
}
