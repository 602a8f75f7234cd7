package master_test

import (
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/trial"
)

// outage is a destination that is down while a test wants it.
type outage struct {
	ledger
	down     atomic.Bool
	attempts atomic.Int64 // that it has refused
}

func newOutage() *outage {
	o := &outage{}
	o.fault = func(at string) error {
		if at == "commit" && o.down.Load() {
			o.attempts.Add(1)
			return errors.New("planted: connection refused")
		}
		return nil
	}
	return o
}

// TestOutage has a destination down for as long as fifty checkpoints take. They go on, the
// job crashes in the middle and waits with what is due, and in the end each row is there once.
func TestOutage(t *testing.T) { inSimulation(t, withOutage) }

// TestLongOutage is that with an outage of more than an hour of simulated time.
func TestLongOutage(t *testing.T) {
	trial.Run(t, 1, func(c *trial.Case) {
		withOutage(c.T, 80*time.Second, func(g *graph.Graph, o master.Options) *running { return start(c.T, c.Random, g, o) })
	})
}

func withOutage(t *testing.T, unit time.Duration, start starter) {
	const batches = 200
	out, store := newOutage(), objstore.NewMemory()
	split := endless("a", batches)
	for i := range split.fetches {
		split.fetches[i].after = time.Duration(i) * unit
	}
	split.fetches[batches-1].finished = true
	begin := func() *running {
		return start(line(&script{poll: unit / 4, splits: []*scriptSplit{split}}, &spy{}, &out.ledger, 2),
			master.Options{Store: store, CheckpointInterval: unit})
	}
	job := begin()
	job.until("a commit", func() bool { return out.count() > 0 })
	out.down.Store(true)
	at, since := job.job.Status().Checkpoint, job.job.Status().Elapsed
	job.until("checkpoints", func() bool { return job.job.Status().Checkpoint >= at+50 })
	due := job.job.Status().Due
	if len(due) != 1 || due[0].Sink != "out" || due[0].Checkpoints < 20 || !strings.Contains(due[0].Why, "refused") || due[0].Since.IsZero() {
		t.Errorf("50 checkpoints into the outage, some without rows, the status says %+v", due)
	}
	down := job.job.Status().Elapsed - since
	if down < 49*unit {
		t.Errorf("it was down for %v", down)
	}
	if attempts := out.attempts.Load(); attempts > 7+int64(down/time.Minute) { // the first come sooner
		t.Errorf("%d attempts in %v", attempts, down)
	}
	job.crash()

	job = begin()
	tried := out.attempts.Load()
	job.until("three more attempts", func() bool { return out.attempts.Load() >= tried+3 })
	if s := job.job.Status(); s.State != status.Starting || s.Checkpoint < at+50 || len(s.Due) != 1 || s.Due[0].Why == "" || !strings.Contains(s.Waits, "sink out has yet to show the output of") {
		t.Errorf("a restart in the middle of the outage is %s and waits: %q", s.State, s.Waits)
	}
	out.down.Store(false)
	job.until("new rows", func() bool { return out.count() > 60 })
	out.down.Store(true)
	job.until("the end", func() bool { return job.job.Status().Waits != "" })
	tried = out.attempts.Load()
	job.until("three more attempts", func() bool { return out.attempts.Load() >= tried+3 })
	if s := job.job.Status(); s.State != status.Running || !strings.Contains(s.Waits, "refused") {
		t.Errorf("at its end, in another outage, the job is %s and waits: %q", s.State, s.Waits)
	}
	out.down.Store(false)
	if last, err := job.wait(); err != nil || last.State != status.Finished || last.Due != nil {
		t.Errorf("the job is %s: %v; due is %v", last.State, err, last.Due)
	}
	if got, want := out.rows(), expected(split); !slices.Equal(got, want) {
		t.Errorf("%d rows, want %d", len(got), len(want))
	}
}

// TestCommitTimeout lets a destination that is down fail the job, at its end or in the middle,
// and at the next start.
func TestCommitTimeout(t *testing.T) {
	onBothHosts(t, func(t *testing.T, unit time.Duration, start starter) {
		out, store := newOutage(), objstore.NewMemory()
		out.down.Store(true)
		split := ending("a", 5)
		begin := func() *running {
			return start(line(&script{poll: unit / 4, splits: []*scriptSplit{split}}, &spy{}, &out.ledger, 1),
				master.Options{Store: store, CommitTimeout: 3 * unit})
		}
		for range 2 {
			_, err := begin().wait()
			if err == nil || !strings.Contains(err.Error(), "sink out: commit checkpoint") || !strings.Contains(err.Error(), "the next start begins with it") {
				t.Errorf("the job ends with %v", err)
			}
		}
		out.down.Store(false)
		if last, err := begin().wait(); err != nil || last.State != status.Finished {
			t.Errorf("the job is %s: %v", last.State, err)
		}
		if got, want := out.rows(), expected(split); !slices.Equal(got, want) {
			t.Errorf("%d rows, want %d", len(got), len(want))
		}
	})
}

// TestStopInAnOutage stops a job whose destination is down: it does not wait for that.
func TestStopInAnOutage(t *testing.T) {
	onBothHosts(t, func(t *testing.T, unit time.Duration, start starter) {
		out, store := newOutage(), objstore.NewMemory()
		out.down.Store(true)
		split := endless("a", 5)
		begin := func() *running {
			return start(line(&script{poll: unit / 4, splits: []*scriptSplit{split}}, &spy{}, &out.ledger, 1),
				master.Options{Store: store, CheckpointInterval: unit})
		}
		job := begin()
		job.until("a checkpoint", func() bool { return job.job.Status().Checkpoint > 2 })
		job.job.Stop()
		if last, err := job.wait(); err != nil || last.State != status.Stopped {
			t.Errorf("the job is %s: %v", last.State, err)
		}
		warned := job.warned()
		if text := warned[len(warned)-1].Error(); !strings.Contains(text, "has yet to show the output of") {
			t.Errorf("the last warning is %q", text)
		}
		out.down.Store(false)
		split.fetches = append(split.fetches, fetch{finished: true})
		if last, err := begin().wait(); err != nil || last.State != status.Finished {
			t.Errorf("the job is %s: %v", last.State, err)
		}
		if got, want := out.rows(), expected(split); !slices.Equal(got, want) {
			t.Errorf("%d rows, want %d", len(got), len(want))
		}
	})
}

// TestLargePending has a sink prepare more than a manifest is to hold, in checkpoints some of
// which are given up.
func TestLargePending(t *testing.T) {
	onBothHosts(t, func(t *testing.T, unit time.Duration, start starter) {
		out, store := newOutage(), objstore.NewMemory()
		out.padding = 80_000
		split := ending("a", 20)
		for i := range split.fetches {
			split.fetches[i].after = time.Duration(i) * unit
		}
		var manifests atomic.Int64
		store.Inject(func(op objstore.Op) (o objstore.Outcome) {
			if !strings.HasPrefix(op.Name, "manifests/") || op.Kind != objstore.OpPut {
				return o
			}
			if manifests.Add(1)%3 == 0 {
				o.Err = errors.New("planted error")
			}
			return o
		})
		job := start(line(&script{poll: unit / 4, splits: []*scriptSplit{split}}, &spy{}, &out.ledger, 2),
			master.Options{Store: store, CheckpointInterval: unit})
		if last, err := job.wait(); err != nil || last.State != status.Finished {
			t.Errorf("the job is %s: %v", last.State, err)
		}
		for name, content := range objects(t, store) {
			if strings.HasPrefix(name, "manifests/") && len(content) > out.padding {
				t.Errorf("%s has %d bytes", name, len(content))
			}
		}
		if got, want := out.rows(), expected(split); !slices.Equal(got, want) {
			t.Errorf("%d rows, want %d", len(got), len(want))
		}
	})
}
