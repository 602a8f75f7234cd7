package checkpoint

import (
	"fmt"
	"strings"

	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/stream"
)

// DamagedError says that a decided checkpoint is damaged, or that the slot which
// decided it is lost. Older ones exist, but to go on from one of them would write
// again what sinks have committed since: only the user can allow that.
type DamagedError struct {
	reasons     []error // naming the objects
	first, last stream.CheckpointID
	sinks       []StepInfo
	fallback    *slot // the latest checkpoint that can be read, if any
	nothingLeft bool
}

// add notes damage to checkpoints from first to last; both are 0 where the
// damage leaves no telling which.
func (e *DamagedError) add(reason error, first, last stream.CheckpointID) {
	e.reasons = append(e.reasons, reason)
	if first == 0 {
		return
	}
	if e.first == 0 || first < e.first {
		e.first = first
	}
	e.last = max(e.last, last)
}

func (e *DamagedError) damaged() bool { return len(e.reasons) > 0 }

// Error names the damaged objects, the sinks and their checkpoints at stake, and
// what to do.
func (e *DamagedError) Error() string {
	var b strings.Builder
	b.WriteString(e.loss())
	if e.nothingLeft {
		b.WriteString("\nNo older checkpoint is complete either. Restore the objects from a copy, or start the job afresh with an empty store")
		return b.String()
	}
	fmt.Fprintf(&b, "\n%s may have committed %s already.", e.sinkNames(), e.epochs())
	b.WriteString(" Restore what is damaged or lost from a copy, or allow duplicates: the job then resumes from ")
	if e.fallback != nil {
		fmt.Fprintf(&b, "checkpoint %d", e.fallback.Checkpoint)
	} else {
		b.WriteString("an older checkpoint, if one is complete,")
	}
	b.WriteString(" and writes that output again")
	return b.String()
}

// accepted tells of the same where the job goes on with the user's leave.
func (e *DamagedError) accepted() string {
	return fmt.Sprintf("%s\nThe job resumes from checkpoint %d, and %s may show %s twice", e.loss(), e.fallback.Checkpoint, e.sinkNames(),
		e.epochs())
}

// loss names the damaged objects.
func (e *DamagedError) loss() string {
	text := "a decided checkpoint is damaged or lost:"
	for _, r := range e.reasons {
		text += fmt.Sprintf("\n  %v", r)
	}
	return text
}

// NothingLeft reports that no older checkpoint is whole either.
func (e *DamagedError) NothingLeft() bool { return e.nothingLeft }

// Class implements failure.Classified.
func (e *DamagedError) Class() failure.Class { return failure.ClassFatal }

// Unwrap lets the reasons be found by errors.Is.
func (e *DamagedError) Unwrap() []error { return e.reasons }

func (e *DamagedError) sinkNames() string {
	var names []string
	for _, s := range e.sinks {
		if s.Sink {
			names = append(names, s.ID)
		}
	}
	if len(names) == 1 {
		return "sink " + names[0]
	}
	return "sinks " + strings.Join(names, ", ")
}

func (e *DamagedError) epochs() string {
	switch {
	case e.last == 0:
		return "what that checkpoint decided"
	case e.first == e.last:
		return fmt.Sprintf("the output of checkpoint %d", e.last)
	}
	return fmt.Sprintf("the output of checkpoints %d to %d", e.first, e.last)
}
