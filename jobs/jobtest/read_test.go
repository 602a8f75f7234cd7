package jobtest

import (
	"testing"

	"github.com/weirstream/weir/runtime/trial"
)

// TestColumnsThatNobodyReads runs jobs whose sources decode all columns: they commit what
// the model says, as others do (TestOutputIsAFunctionOfTheInput), which decode some.
func TestColumnsThatNobodyReads(t *testing.T) {
	unread := 0
	whole := trial.Run(t, 80, func(c *trial.Case) {
		s := NewScenario(c.Random, 200)
		c.Describe(func() string { return s.Job })
		files := newFiles(c, s)
		job, err := s.Load(files)
		if err != nil {
			c.Fatal(err)
		}
		for _, step := range job.Graph.Steps {
			if step.Source != nil && step.Source.Read != nil {
				step.Source.Read = nil
				unread++
			}
		}
		if err := runJob(c.Random, s, job, files, settings(c.Random)); err != nil {
			c.Fatal(err)
		}
	})
	if whole && unread < 15 {
		t.Errorf("columns of %d sources only were not read", unread)
	}
}
