package task_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/sim"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/trial"
)

// seeds returns the seeds that a test is to run under, of n.
func seeds(n int) []uint64 {
	all, _ := trial.Seeds(n)
	return all
}

// stepLimit is more than any simulated run of these tests takes.
const stepLimit = 3_000_000

// world is a simulated process that runs a job.
type world struct {
	*sim.World
	t    *testing.T
	seed uint64
	job  *master.Job
	pool *record.Pool

	warnings []error
}

// start puts a job on a world of its own. It is to give no warning.
func start(t *testing.T, seed uint64, random *rand.Rand, g *graph.Graph, store objstore.Store, o master.Options) *world {
	t.Helper()
	o.Warn = func(err error) { t.Errorf("seed %d: %v", seed, err) }
	return startWorld(t, seed, random, g, store, o)
}

// startWorld puts a job on a world of its own.
func startWorld(t *testing.T, seed uint64, random *rand.Rand, g *graph.Graph, store objstore.Store, o master.Options) *world {
	t.Helper()
	w := &world{World: sim.NewWorld(random), t: t, seed: seed, pool: record.NewCheckedPool()}
	o.Env = env.Env{Clock: w.World, Random: env.NewRandom(random), Files: memfs.New()}
	o.Store, o.Pool = store, w.pool
	if o.Warn == nil {
		o.Warn = func(err error) { w.warnings = append(w.warnings, err) }
	}
	var err error
	if w.job, err = master.On(w.World, g, o); err != nil {
		t.Fatalf("seed %d: %v", seed, err)
	}
	return w
}

// until steps the world until a condition holds, and fails where it never does.
func (w *world) until(what string, condition func() bool) {
	w.t.Helper()
	for range stepLimit {
		if condition() {
			return
		}
		if !w.Step() {
			if condition() {
				return
			}
			break
		}
	}
	w.t.Fatalf("-seed %d: %s never came: %v, %+v", w.seed, what, w.Err(), w.job.Status())
}

// elapse steps the world for a time of its clock.
func (w *world) elapse(d time.Duration) {
	w.t.Helper()
	end := w.Now().Add(d)
	w.until("the time", func() bool { return !w.Now().Before(end) })
}

// crash ends the process at once.
func (w *world) crash() {
	w.t.Helper()
	if err := w.job.Close(); err != nil {
		w.t.Fatalf("-seed %d: %v", w.seed, err)
	}
	// Rows in fetches and snapshots under way have nobody to release them, so
	// that the pool can be checked only where the job ended by itself.
}

// finish runs the job to its end.
func (w *world) finish() status.Job {
	w.t.Helper()
	w.until("the end", func() bool { return w.Err() != nil })
	if !master.Ended(w.Err()) {
		w.t.Fatalf("-seed %d: %v", w.seed, w.Err())
	}
	last := w.job.Status()
	w.crash()
	if err := w.pool.Check(); err != nil {
		w.t.Errorf("-seed %d: %v", w.seed, err)
	}
	return last
}

// stepOf returns the status of a step.
func (w *world) stepOf(id string) status.Step {
	for _, s := range w.job.Status().Steps {
		if s.ID == id {
			return s
		}
	}
	w.t.Fatalf("-seed %d: no step %q", w.seed, id)
	return status.Step{}
}

// checkCounters holds the counters of every step against their invariant.
func checkCounters(t *testing.T, seed uint64, job status.Job) {
	t.Helper()
	for _, s := range job.Steps {
		if c := s.Counters; c.In != c.Sum() {
			t.Errorf("-seed %d: %s: %d rows came in, but %+v", seed, s.ID, c.In, c)
		}
	}
}
