package jobtest

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/trial"
)

// TestOutputIsAFunctionOfTheInput runs jobs on goroutines under random settings
// and compares what they commit with the model.
func TestOutputIsAFunctionOfTheInput(t *testing.T) {
	late, results, copied, dead := 0, 0, 0, 0
	whole := trial.Run(t, 250, func(c *trial.Case) {
		s := NewScenario(c.Random, 300)
		c.Describe(func() string { return s.Job })
		if err := runSettings(c.Random, s, settings(c.Random)); err != nil {
			c.Fatal(err)
		}
		late += len(s.Late.Rows)
		results += len(s.Results.Rows)
		copied += len(s.Copy.Rows)
		dead += len(s.Dead.Rows)
	})
	if whole && (min(late, results, copied) < 1000 || dead < 100) {
		t.Fatalf("the scenarios were too tame: %d late rows, %d results, %d copied, %d dead letters", late, results, copied, dead)
	}
}

// runSettings runs a scenario once, under the settings and others drawn from random.
func runSettings(random *rand.Rand, s *Scenario, o master.Options) error {
	files := memfs.New()
	if err := s.Write(files); err != nil {
		return err
	}
	job, err := s.Load(files)
	if err != nil {
		return err
	}
	return runJob(random, s, job, files, o)
}

// newFiles returns the files of a scenario.
func newFiles(t testing.TB, s *Scenario) *memfs.FS {
	t.Helper()
	files := memfs.New()
	if err := s.Write(files); err != nil {
		t.Fatal(err)
	}
	return files
}

// runJob runs the job of a scenario once.
func runJob(random *rand.Rand, s *Scenario, job *jobs.Job, files *memfs.FS, o master.Options) error {
	store, err := objstore.OpenDir(files, "state")
	if err != nil {
		return err
	}
	environment := env.Real()
	environment.Files = files
	o.Env, o.Store = environment, store
	o.CheckpointInterval = time.Duration(random.IntN(3)) * time.Millisecond
	running, err := master.Start(job.Graph, o)
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
