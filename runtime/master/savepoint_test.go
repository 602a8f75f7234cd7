package master_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/checkpoint"
	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// asked is savepoints that were asked for, and what became of them.
type asked struct {
	stores   []*objstore.Memory
	outcomes []chan error
	ids      []stream.CheckpointID
}

func (a *asked) ask(job *master.Job) {
	i := len(a.stores)
	store, outcome := objstore.NewMemory(), make(chan error, 2)
	a.stores, a.outcomes, a.ids = append(a.stores, store), append(a.outcomes, outcome), append(a.ids, 0)
	job.Savepoint(store, func(id stream.CheckpointID, err error) {
		a.ids[i] = id
		outcome <- err
	})
}

// TestSavepointsOfARunningJob asks for savepoints as soon as a job has been started, several at
// once and one behind the other, with and without checkpoints in between. Each is whole, and of
// a checkpoint that began behind the asking.
func TestSavepointsOfARunningJob(t *testing.T) {
	trial.Run(t, 20, func(c *trial.Case) {
		s := &script{unbounded: true, splits: []*scriptSplit{endless("a", 1000), endless("b", 1000)}}
		options := master.Options{Store: objstore.NewMemory(), CheckpointInterval: time.Duration(c.Random.IntN(3)) * time.Millisecond}
		l := &ledger{}
		job := start(t, nil, line(s, &spy{}, l, 1+c.Random.IntN(2)), options)
		var a asked
		for range 3 {
			before := len(a.stores)
			for range 1 + c.Random.IntN(3) {
				a.ask(job.job)
			}
			for i := before; i < len(a.stores); i++ {
				if err := <-a.outcomes[i]; err != nil {
					c.Fatal(err)
				}
				if before > 0 && a.ids[i] <= a.ids[before-1] {
					c.Errorf("a savepoint is of checkpoint %d, which was there before: %v", a.ids[i], a.ids)
				}
			}
		}
		job.job.Stop()
		if last, err := job.job.Wait(); err != nil || last.State != status.Stopped {
			c.Fatalf("the job is %s: %v", last.State, err)
		}
		a.ask(job.job)
		if err := <-a.outcomes[len(a.outcomes)-1]; err == nil {
			c.Error("behind the end of the job there was a savepoint")
		}
		for i, store := range a.stores[:len(a.stores)-1] {
			a.check(c, store, a.ids[i], l)
		}
	})
}

// check makes sure that a savepoint is whole, and committed if it says so.
func (a *asked) check(c *trial.Case, store objstore.Store, id stream.CheckpointID, l *ledger) {
	taken, err := checkpoint.ReadSavepoint(context.Background(), store)
	if err != nil {
		c.Fatal(err)
	}
	if taken.Manifest.Checkpoint != id || !taken.Running {
		c.Errorf("of checkpoint %d there is %+v", id, taken)
	}
	for ref := range taken.Manifest.Objects() {
		if err := taken.Verify(context.Background(), ref); err != nil {
			c.Error(err)
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, step := range taken.Manifest.Steps {
		for _, entry := range step.Subtasks {
			if taken.Committed && len(entry.Pending) > 0 && l.commits[id] == nil {
				c.Errorf("checkpoint %d holds output that is said to be committed and is not", id)
			}
		}
	}
}

// TestSavepointAtTheEnd asks for savepoints of a job that comes to its end meanwhile, fails or
// is cancelled. Whoever has asked is told, once.
func TestSavepointAtTheEnd(t *testing.T) {
	trial.Run(t, 60, func(c *trial.Case) {
		s := &script{splits: []*scriptSplit{ending("a", 1+c.Random.IntN(20))}}
		if c.Random.IntN(3) == 0 {
			s.fault = failing(c, "fetch")
		}
		job := start(t, nil, line(s, &spy{}, &ledger{}, 1), master.Options{Store: objstore.NewMemory()})
		var a asked
		for range 1 + c.Random.IntN(3) {
			a.ask(job.job)
		}
		if c.Random.IntN(3) == 0 {
			job.job.Cancel()
		}
		_, _ = job.job.Wait() // it may have failed
		a.ask(job.job)
		for i, outcome := range a.outcomes {
			if err := <-outcome; err == nil {
				a.check(c, a.stores[i], a.ids[i], &ledger{commits: map[stream.CheckpointID][]string{a.ids[i]: {}}})
			}
			if len(outcome) > 0 {
				c.Error("it was told twice")
			}
		}
	})
}

// failing returns a fault at one of the times that a place is come to.
func failing(c *trial.Case, place string) func(string) error {
	left := c.Random.IntN(20)
	return func(at string) error {
		if at != place {
			return nil
		}
		if left--; left == 0 {
			return fmt.Errorf("planted at %s: %w", at, errors.ErrUnsupported)
		}
		return nil
	}
}

// TestSavepointThatFails has the store of a savepoint fail: whoever asked is told, and the job goes on.
func TestSavepointThatFails(t *testing.T) {
	s := &script{unbounded: true, splits: []*scriptSplit{endless("a", 100)}}
	job := start(t, nil, line(s, &spy{}, &ledger{}, 1), master.Options{Store: objstore.NewMemory(), CheckpointInterval: time.Millisecond})
	store := objstore.NewMemory()
	planted := errors.New("planted")
	store.Inject(func(objstore.Op) objstore.Outcome { return objstore.Outcome{Err: planted} })
	outcome := make(chan error, 1)
	job.job.Savepoint(store, func(_ stream.CheckpointID, err error) { outcome <- err })
	if err := <-outcome; !errors.Is(err, planted) {
		t.Errorf("it gives %v", err)
	}
	var a asked
	a.ask(job.job)
	if err := <-a.outcomes[0]; err != nil {
		t.Error(err)
	}
	job.job.Stop()
	if _, err := job.job.Wait(); err != nil {
		t.Error(err)
	}
}
