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
		for id, want := range map[string]int64{"rows": s.Read, "out": int64(len(s.Results)), "late": int64(len(s.Late))} {
			if step.ID == id && c.In != want {
				return fmt.Errorf("step %s took in %d rows instead of %d", id, c.In, want)
			}
		}
		if step.ID == "rows" && (c.Dropped != s.Bad || c.Skipped != s.Skipped) {
			return fmt.Errorf("the source dropped %d records instead of %d, and skipped %d instead of %d", c.Dropped, s.Bad, c.Skipped, s.Skipped)
		}
	}
	return nil
}
