package jobtest

import (
	"fmt"

	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/stream"
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
		if kinds := rejected(step); kinds != c.Dropped+c.DeadLetters {
			return fmt.Errorf("step %s: the reasons are those of %d rows, of %d that were rejected", step.ID, kinds, c.Dropped+c.DeadLetters)
		}
		want, known := s.Read[step.ID]
		if o := s.outputs()[step.ID]; o != nil {
			want, known = int64(len(o.Rows)), true
		}
		if known && c.In != want {
			return fmt.Errorf("step %s took in %d rows instead of %d", step.ID, c.In, want)
		}
	}
	return s.checkRejected(total(last))
}

// rejected returns how many rows there are reasons for.
func rejected(step status.Step) (rows int64) {
	for _, kind := range step.Rejects {
		rows += kind.Rows
	}
	return rows
}

// checkRejected holds the rows that no step rejects but the sources.
func (s *Scenario) checkRejected(c stream.CounterValues) error {
	if c.Dropped+c.DeadLetters != s.Bad || c.Skipped != s.Skipped {
		return fmt.Errorf("sources rejected %d records instead of %d, and skipped %d instead of %d",
			c.Dropped+c.DeadLetters, s.Bad, c.Skipped, s.Skipped)
	}
	return nil
}

func total(last status.Job) (sum stream.CounterValues) {
	for _, step := range last.Steps {
		sum = sum.Add(step.Counters)
	}
	return sum
}
