// Package trial runs tests whose cases are drawn at random. Each case follows
// from its seed, and whatever ends it badly, a hang included, names that:
//
//	func TestSorted(t *testing.T) {
//		trial.Run(t, 200, func(c *trial.Case) {
//			list := draw(c.Random)
//			...
//		})
//	}
//
// The seeds are the same in every run: 1 to 200 here. With -seed N a test runs
// that case alone. The environment variable WEIR_TRIALS multiplies the number of
// seeds of all tests: 1 where it is not set, more in .ci/long, less where cases are slow, as under
// the race detector.
package trial

import (
	"flag"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var seedFlag = flag.Uint64("seed", 0, "run the random tests with the case of this seed only")

// Case is one case of a random test.
type Case struct {
	*testing.T
	Seed uint64
	// Random is drawn from the seed and the name of the test, so that no two tests
	// try the same numbers.
	Random *rand.Rand

	state  atomic.Pointer[func() string]
	failed bool
}

// Error implements [testing.TB].
func (c *Case) Error(args ...any) {
	c.Helper()
	c.failed = true
	c.T.Error(args...)
}

// Errorf implements [testing.TB].
func (c *Case) Errorf(format string, args ...any) {
	c.Helper()
	c.failed = true
	c.T.Errorf(format, args...)
}

// Describe sets what says where the case stands, for the message of one that
// fails or hangs: its settings, the job, the step it is at. Another goroutine may
// call it while the case runs; then the test is lost anyway.
func (c *Case) Describe(state func() string) { c.state.Store(&state) }

// Plan says with which seeds a test is run.
type Plan struct {
	// Seeds is how many fixed seeds there are: 1 to Seeds.
	Seeds int
	// Fresh is until how long after the start seeds that differ with each run are
	// drawn behind the fixed ones.
	Fresh time.Duration
	// Parallel has a case run on each processor. Such cases may call Error, not Fatal.
	Parallel bool
}

// Run runs a test with so many fixed seeds, one case after the other. See
// [Plan.Run].
func Run(t *testing.T, seeds int, test func(c *Case)) (whole bool) {
	t.Helper()
	return Plan{Seeds: seeds}.Run(t, test)
}

// Run runs a test until a case has failed or all have been run. It returns false
// where it was asked for one seed only, or for fewer than all, so that there is nothing
// to be said about all of them.
func (p Plan) Run(t *testing.T, test func(c *Case)) (whole bool) {
	t.Helper()
	if *seedFlag != 0 {
		run(t, *seedFlag, false, test)
		return false
	}
	times := Times()
	fixed, fresh := uint64(max(1, float64(p.Seeds)*times)), time.Duration(float64(p.Fresh)*times)
	began := time.Now()
	var last atomic.Uint64
	work := func() {
		for !t.Failed() {
			seed := last.Add(1)
			if seed > fixed {
				if time.Since(began) >= fresh {
					return
				}
				seed = rand.Uint64()
			}
			run(t, seed, p.Parallel, test)
		}
	}
	if !p.Parallel {
		work()
		return times >= 1
	}
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(work)
	}
	workers.Wait()
	return times >= 1
}

// Seeds returns the seeds of a test that goes through them itself, of so many, and whether they
// are all of them: see [Plan.Run].
func Seeds(n int) (seeds []uint64, whole bool) {
	if *seedFlag != 0 {
		return []uint64{*seedFlag}, false
	}
	for seed := range uint64(max(1, float64(n)*Times())) {
		seeds = append(seeds, seed+1)
	}
	return seeds, Times() >= 1
}

// Times returns what WEIR_TRIALS multiplies the cases by.
func Times() float64 {
	times, err := strconv.ParseFloat(os.Getenv("WEIR_TRIALS"), 64)
	if err != nil || !(times > 0) {
		return 1
	}
	return times
}

// run runs one case, and names it where it fails, panics or hangs.
func run(t *testing.T, seed uint64, parallel bool, test func(c *Case)) {
	t.Helper()
	name := fnv.New64a()
	name.Write([]byte(t.Name()))
	c := &Case{T: t, Seed: seed, Random: rand.New(rand.NewPCG(seed, name.Sum64()))}
	guarded := watch(fmt.Sprintf("%s, seed %d,", t.Name(), seed), c.again)
	ended := false
	defer func() {
		guarded()
		// In parallel it may be another case that has failed.
		if c.failed || !ended || t.Failed() && !parallel {
			t.Log(c.again())
		}
	}()
	test(c)
	ended = true
}

// again says how to run the case again, and where it stands.
func (c *Case) again() string {
	text := fmt.Sprintf("run this case again with: go test -run '^%s$' -seed %d", c.Name(), c.Seed)
	if state := c.state.Load(); state != nil {
		text += "\n" + (*state)()
	}
	return text
}
