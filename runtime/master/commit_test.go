package master_test

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/stream"
)

// TestFatalCommit ends a job whose commit can never succeed at its first attempt.
func TestFatalCommit(t *testing.T) {
	onBothHosts(t, func(t *testing.T, _ time.Duration, start starter) {
		var attempts atomic.Int32
		out := &ledger{fault: func(at string) error {
			if at == "commit" {
				attempts.Add(1)
				return failure.Fatal(errors.New("planted error"))
			}
			return nil
		}}
		_, err := start(line(&script{splits: []*scriptSplit{ending("a", 5)}}, &spy{}, out, 1), master.Options{Store: objstore.NewMemory()}).wait()
		if err == nil || !strings.Contains(err.Error(), "out") || failure.ClassOf(err) != failure.ClassFatal || attempts.Load() != 1 {
			t.Errorf("after %d attempts: %v", attempts.Load(), err)
		}
	})
}

// TestOldStore puts an old copy of a job's checkpoints in place: its sink can tell.
// Where the sink fails to, so does the job, and names it.
func TestOldStore(t *testing.T) {
	onBothHosts(t, func(t *testing.T, _ time.Duration, start starter) {
		store, out := objstore.NewMemory(), &ledger{}
		batches := 0
		begin := func() *running {
			batches += 100
			s := &script{unbounded: true, splits: []*scriptSplit{endless("a", batches)}}
			return start(line(s, &spy{}, out, 1), master.Options{Store: store, CheckpointInterval: time.Millisecond})
		}
		commit := func() { // what an earlier run has left is shown before this one begins
			job := begin()
			job.until("it runs", func() bool { return job.job.Status().State == status.Running })
			before := out.count()
			job.until("a commit", func() bool { return out.count() > before })
			job.crash()
		}
		commit()
		old := objects(t, store)
		commit()
		for name := range objects(t, store) {
			store.Delete(t.Context(), name)
		}
		for name, content := range old {
			objstore.Put(t.Context(), store, name, []byte(content))
		}
		for _, fault := range []string{"error", "panic", ""} {
			out.fault = planted("shown after", fault)
			_, err := begin().wait()
			if want := map[string]string{"": "commit "}[fault]; err == nil || !strings.Contains(err.Error(), "out") ||
				!strings.Contains(err.Error(), want) {
				t.Errorf("%q: %v", fault, err)
			}
			if fault == "" && !errors.Is(err, stream.ErrDamaged) {
				t.Errorf("the job ends with %v", err)
			}
		}
	})
}

// objects returns what a store holds.
func objects(t *testing.T, store *objstore.Memory) map[string]string {
	t.Helper()
	all := map[string]string{}
	names, err := store.List(t.Context(), "")
	for _, name := range names {
		content, getErr := objstore.Get(t.Context(), store, name)
		err = errors.Join(err, getErr)
		all[name] = string(content)
	}
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// planted returns a fault at a place: an error, a panic, or none.
func planted(at, fault string) func(where string) error {
	return func(where string) error {
		switch {
		case where != at || fault == "":
			return nil
		case fault == "panic":
			panic("planted panic")
		}
		return errors.New("planted error")
	}
}
