package jobtest

import (
	"fmt"

	"github.com/weirstream/weir/runtime/status"
)

// checkCounters holds the counters of a finished run, restarts included,
// against the invariant of each step and against the input.
func checkCounters(s *Scenario, last status.Job) error {
	if last.State != status.Finished {
		return fmt.Errorf("the job is %s", last.State)
	}
	for _, step := range last.Steps {
		c := step.Counters
		if c.In != c.Sum() {
			return fmt.Errorf("step %s: counters do not add up: %+v", step.ID, c)
		}
		want := s.Read
		if o := s.outputs()[step.ID]; o != nil {
			want = int64(len(o.Rows))
		} else if step.ID != "rows" {
			continue
		}
		if c.In != want {
			return fmt.Errorf("step %s took in %d rows instead of %d", step.ID, c.In, want)
		}
		if step.ID == "rows" && (c.Dropped+c.DeadLetters != s.Bad || c.Skipped != s.Skipped) {
			return fmt.Errorf("the source rejected %d records instead of %d, and skipped %d instead of %d", c.Dropped+c.DeadLetters, s.Bad, c.Skipped, s.Skipped)
		}
	}
	return nil
}
