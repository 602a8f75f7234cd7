package jobtest

import (
	"flag"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/task"
)

var seedFlag = flag.Uint64("seed", 0, "run only the case of this seed")

// TestOutputIsAFunctionOfTheInput runs jobs on goroutines under random settings
// and compares what they commit with the model.
func TestOutputIsAFunctionOfTheInput(t *testing.T) {
	first, last := uint64(1), uint64(250)
	if *seedFlag != 0 {
		first, last = *seedFlag, *seedFlag
	}
	late, results, copied, dead := 0, 0, 0, 0
	for seed := first; seed <= last; seed++ {
		random := rand.New(rand.NewPCG(seed, 8))
		s := NewScenario(random, 300)
		if err := runSettings(random, s); err != nil {
			t.Fatalf("-seed %d: %v\n%s", seed, err, s.Job)
		}
		late += len(s.Late.Rows)
		results += len(s.Results.Rows)
		copied += len(s.Copy.Rows)
		dead += len(s.Dead.Rows)
	}
	if *seedFlag == 0 && (min(late, results, copied) < 1000 || dead < 100) {
		t.Fatalf("the scenarios were too tame: %d late rows, %d results, %d copied, %d dead letters", late, results, copied, dead)
	}
}

// runSettings runs a scenario once, under settings drawn from random.
func runSettings(random *rand.Rand, s *Scenario) error {
	files := memfs.New()
	if err := s.Write(files); err != nil {
		return err
	}
	job, err := s.Load(files)
	if err != nil {
		return err
	}
	store, err := objstore.OpenDir(files, "state")
	if err != nil {
		return err
	}
	environment := env.Real()
	environment.Files = files
	o := settings(random)
	o.Env, o.Store = environment, store
	o.CheckpointInterval = time.Duration(random.IntN(3)) * time.Millisecond
	running, err := task.Start(job.Graph, o)
	if err != nil {
		return err
	}
	last, err := running.Wait()
	if err != nil {
		return err
	}
	if err := checkCounters(s, last); err != nil {
		return err
	}
	if err := o.Pool.Check(); err != nil {
		return err
	}
	return s.Check(files)
}
