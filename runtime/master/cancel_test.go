package master_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// TestCancelEndsStoreCalls cancels a job while the store does not answer: at a takeover,
// a restore, an upload, a decision. It ends all the same.
func TestCancelEndsStoreCalls(t *testing.T) {
	calls := []string{
		"open slots/", "write slots/", "open manifests/", "write manifests/", "open state/", "write state/",
		"stat committed/", "write committed/", "list state/",
	}
	trial.Run(t, len(calls), func(c *trial.Case) {
		memory := objstore.NewMemory()
		begin := func(s objstore.Store) *running {
			source := &script{unbounded: true, splits: []*scriptSplit{endless("a", 5)}}
			g := line(source, &spy{}, &ledger{}, 1)
			keepState(g.Steps[1])
			warn := func(err error) {
				if errors.Is(err, context.Canceled) {
					c.Errorf("it warns of its own end: %v", err)
				}
			}
			return start(c.T, nil, g, master.Options{Store: s, CheckpointInterval: time.Millisecond, Warn: warn})
		}
		first := begin(memory)
		first.until("a checkpoint", func() bool { return first.job.Status().Checkpoint > 0 })
		first.crash()
		// The last decision has yet to be committed, or may have to be.
		names, err := memory.List(c.Context(), "committed/")
		for _, name := range names {
			err = errors.Join(err, memory.Delete(c.Context(), name))
		}
		if err != nil {
			c.Fatal(err)
		}
		silent := &silentStore{Store: memory, call: calls[int(c.Seed-1)%len(calls)], met: make(chan struct{})}
		c.Describe(func() string { return "the store does not answer " + silent.call })
		second := begin(silent)
		<-silent.met
		second.job.Cancel()
		if _, err := second.wait(); !errors.Is(err, master.ErrCancelled) {
			c.Errorf("the job ended with %v", err)
		}
	})
}

// keepState gives a step of a spy something to keep.
func keepState(s *graph.Step) {
	s.Stateful = true
	inner := s.NewOperator
	s.NewOperator = func(c stream.OperatorContext) (stream.Operator, error) {
		c.State.SetCell("kept", []byte("x"))
		return inner(c)
	}
}

// silentStore does not answer one kind of call for names of one kind: whoever makes it
// waits until he does not want to know any more.
type silentStore struct {
	objstore.Store
	call string // such as "open slots/"
	once sync.Once
	met  chan struct{} // closed at the first such call
}

func (s *silentStore) answer(ctx context.Context, call string) error {
	if !strings.HasPrefix(call, s.call) {
		return nil
	}
	s.once.Do(func() { close(s.met) })
	<-ctx.Done()
	return ctx.Err()
}

func (s *silentStore) Write(ctx context.Context, name string, mode objstore.Mode) (objstore.Writer, error) {
	if err := s.answer(ctx, "write "+name); err != nil {
		return nil, err
	}
	return s.Store.Write(ctx, name, mode)
}

func (s *silentStore) Open(ctx context.Context, name string) (objstore.Reader, error) {
	if err := s.answer(ctx, "open "+name); err != nil {
		return nil, err
	}
	return s.Store.Open(ctx, name)
}

func (s *silentStore) Stat(ctx context.Context, name string) (int64, error) {
	if err := s.answer(ctx, "stat "+name); err != nil {
		return 0, err
	}
	return s.Store.Stat(ctx, name)
}

func (s *silentStore) List(ctx context.Context, prefix string) ([]string, error) {
	if err := s.answer(ctx, "list "+prefix); err != nil {
		return nil, err
	}
	return s.Store.List(ctx, prefix)
}
