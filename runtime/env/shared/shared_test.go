package shared

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

// client counts how many of its kind are open.
type client struct {
	open   *atomic.Int64
	closed atomic.Bool
	fails  error
}

func (c *client) Close() error {
	if c.closed.Swap(true) {
		return errors.New("closed twice")
	}
	runtime.Gosched() // others run meanwhile
	c.open.Add(-1)
	return c.fails
}

type other struct{ client }

func opener(open *atomic.Int64) func() (*client, error) {
	return func() (*client, error) {
		if n := open.Add(1); n > 1 {
			return nil, fmt.Errorf("%d are open", n)
		}
		return &client{open: open}, nil
	}
}

// However many share it, and come and go, at most one is open, nobody has one that is closed, and at
// the end none is open.
func TestShares(t *testing.T) {
	var p Pool
	var open atomic.Int64
	var opened atomic.Int64
	counting := func() (*client, error) {
		opened.Add(1)
		return opener(&open)()
	}
	var users sync.WaitGroup
	for range 8 {
		users.Go(func() {
			for range 2000 {
				l, err := Open(t.Context(), &p, "client", counting)
				if err != nil {
					t.Error(err)
					return
				}
				if l.Value.closed.Load() {
					t.Error("somebody has a closed one")
				}
				if err := errors.Join(l.Close(), l.Close()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	users.Wait()
	if open.Load() != 0 || len(p.open) != 0 {
		t.Errorf("%d are open, of %d opened; the pool has %d", open.Load(), opened.Load(), len(p.open))
	}
}

// It is closed by the last who gives it back, who hears of what fails; and then opened anew.
func TestLastCloses(t *testing.T) {
	var p Pool
	var open atomic.Int64
	first, err := Open(t.Context(), &p, "client", opener(&open))
	if err != nil {
		t.Fatal(err)
	}
	second, err := Open(t.Context(), &p, "client", opener(&open))
	if err != nil || second.Value != first.Value {
		t.Fatalf("it is another one, %v", err)
	}
	first.Value.fails = errors.New("the disk is full")
	if err := errors.Join(first.Close(), first.Close()); err != nil || first.Value.closed.Load() {
		t.Errorf("the first has closed it, or fails: %v", err)
	}
	if err := second.Close(); err == nil || err.Error() != "the disk is full" {
		t.Errorf("the last hears of %v", err)
	}
	third, err := Open(t.Context(), &p, "client", opener(&open))
	if err != nil || third.Value == first.Value {
		t.Errorf("it is not opened anew: %v", err)
	}
	elsewhere, err := Open(t.Context(), &p, "another client", func() (*client, error) { return &client{open: new(atomic.Int64)}, nil })
	if err != nil || elsewhere.Value == third.Value {
		t.Errorf("two keys share: %v", err)
	}
	alone, err := Open(t.Context(), nil, "client", func() (*client, error) { return &client{open: new(atomic.Int64)}, nil })
	if err != nil || alone.Value == third.Value {
		t.Fatalf("without a pool it is shared: %v", err)
	}
	if err := alone.Close(); err != nil || !alone.Value.closed.Load() {
		t.Errorf("without a pool it is not closed: %v", err)
	}
}

// What fails for one is tried by the next, also when it panics; and a key is of one kind.
func TestFailures(t *testing.T) {
	var p Pool
	var open atomic.Int64
	if _, err := Open(t.Context(), &p, "client", func() (*client, error) { return nil, errors.New("refused") }); err == nil {
		t.Error("a failure is none")
	}
	func() {
		defer func() { _ = recover() }()
		_, _ = Open(t.Context(), &p, "client", func() (*client, error) { panic("planted") })
	}()
	l, err := Open(t.Context(), &p, "client", opener(&open))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), &p, "client", func() (*other, error) { return &other{}, nil }); err == nil {
		t.Error("it is taken for another kind")
	}
	if err := l.Close(); err != nil || open.Load() != 0 {
		t.Errorf("one share too many is held: %v", err)
	}
}

// Who waits for another to open or close it may give up.
func TestGivesUp(t *testing.T) {
	var p Pool
	entered, leave := make(chan struct{}), make(chan struct{})
	var opening sync.WaitGroup
	opening.Go(func() {
		_, _ = Open(t.Context(), &p, "client", func() (*client, error) {
			close(entered)
			<-leave
			return nil, errors.New("too late")
		})
	})
	<-entered
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := Open(ctx, &p, "client", opener(new(atomic.Int64))); !errors.Is(err, context.Canceled) {
		t.Errorf("it waits: %v", err)
	}
	close(leave)
	opening.Wait()
}
