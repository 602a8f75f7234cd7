package master_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/sim"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/trial"
)

// running is a job on either host.
type running struct {
	t     *testing.T
	job   *master.Job
	world *sim.World // nil: on goroutines
	pool  *record.Pool

	mu       sync.Mutex
	warnings []error
}

// onBothHosts runs a test in a simulation, under a few seeds, and on goroutines. unit
// is a time in which everything that can happen has usually happened. What goes wrong
// in the simulation is said with its seed, and not waited for on goroutines.
func onBothHosts(t *testing.T, test func(t *testing.T, unit time.Duration, start starter)) {
	if t.Run("simulation", func(t *testing.T) { inSimulation(t, test) }) {
		t.Run("goroutines", func(t *testing.T) {
			test(t, 20*time.Millisecond, func(g *graph.Graph, o master.Options) *running { return start(t, nil, g, o) })
		})
	}
}

// inSimulation runs a test that has to wait for long.
func inSimulation(t *testing.T, test func(t *testing.T, unit time.Duration, start starter)) {
	trial.Run(t, 20, func(c *trial.Case) {
		test(c.T, 20*time.Second, func(g *graph.Graph, o master.Options) *running {
			r := start(c.T, c.Random, g, o)
			c.Describe(r.String)
			return r
		})
	})
}

// starter starts a job on one of the hosts.
type starter func(*graph.Graph, master.Options) *running

// start starts a job: simulated, unless random is nil.
func start(t *testing.T, random *rand.Rand, g *graph.Graph, o master.Options) *running {
	t.Helper()
	r := &running{t: t, pool: record.NewCheckedPool()}
	o.Pool = r.pool
	o.Warn = func(err error) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.warnings = append(r.warnings, err)
	}
	var err error
	if random == nil {
		o.Env = env.Real()
		r.job, err = master.Start(g, o)
	} else {
		r.world = sim.NewWorld(random)
		o.Env = env.Env{Clock: r.world, Random: env.NewRandom(random), Files: memfs.New()}
		r.job, err = master.On(r.world, g, o)
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// String says where the job stands.
func (r *running) String() string { return fmt.Sprintf("%+v", r.job.Status()) }

// until lets the job run until a condition holds.
func (r *running) until(what string, holds func() bool) {
	r.t.Helper()
	if r.world == nil {
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for range 20_000 {
			if holds() {
				return
			}
			<-tick.C
		}
	} else {
		for range 2_000_000 {
			if holds() {
				return
			}
			if !r.world.Step() {
				break
			}
		}
		if holds() {
			return
		}
		r.t.Logf("the world: %v", r.world.Err())
	}
	r.t.Fatalf("%s never came: %+v", what, r.job.Status())
}

// wait lets the job run to its end. Where it ran on goroutines, all its memory
// has to be back.
func (r *running) wait() (status.Job, error) {
	r.t.Helper()
	if r.world == nil {
		defer trial.Guard(r.t, r.String)()
		last, err := r.job.Wait()
		if leak := r.pool.Check(); leak != nil {
			r.t.Error(leak)
		}
		return last, err
	}
	r.until("the end", func() bool { return r.world.Err() != nil })
	last, err := r.job.Status(), r.world.Err()
	if master.Ended(err) {
		err = nil
	}
	return last, errors.Join(err, r.job.Close())
}

// crash ends the job at once, wherever it is.
func (r *running) crash() {
	if r.world == nil {
		r.job.Cancel()
		r.wait()
		return
	}
	r.job.Close()
}

func (r *running) warned() []error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.warnings
}
