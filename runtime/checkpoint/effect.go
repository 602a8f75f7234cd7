package checkpoint

import (
	"context"
	"fmt"

	"github.com/weirstream/weir/runtime/stream"
)

// Effect is what a coordinator wants done: one of the types of this file. Each
// draws itself in one line, as logs and golden tests show it.
type Effect interface {
	fmt.Stringer
	isEffect()
}

type (
	// Trigger starts a checkpoint: every subtask of every source injects the
	// barrier, every enumerator takes its snapshot.
	Trigger struct{ Barrier stream.Barrier }

	// Drain lets the sources end as if their input had ended here.
	Drain struct{}

	// Completed says that a checkpoint is decided. Subtasks are told, so that
	// state deltas build on it and what it holds of prepared output is left out
	// of the next Ack.
	Completed struct{ ID stream.CheckpointID }

	// CheckpointTaken says that one that was asked for is decided. The next one has not begun.
	CheckpointTaken struct{ ID stream.CheckpointID }

	// Aborted says that a checkpoint will never be decided. The next one holds
	// what this one would have held.
	Aborted struct {
		ID  stream.CheckpointID
		Err error
	}

	// Work is I/O to be done away from the coordinator. Do returns the event to
	// hand back. Works that are given together may run at the same time.
	Work struct {
		Name string
		Do   func(context.Context) Event
		done func(error) // of work beside the checkpoints; nil: it is part of a phase
	}

	// Warning is a failure that will be made good: the work is done again.
	Warning struct{ Err error }

	// Ended is the coordinator's last effect: it takes in no more events.
	Ended struct {
		Outcome Outcome
		Err     error // of OutcomeLost and OutcomeFailed
	}
)

// Outcome is how the coordinator's work ended.
type Outcome string

const (
	// OutcomeFinished: all input is processed and committed, for good.
	OutcomeFinished Outcome = "finished"
	// OutcomeStopped: everything up to the stop is committed; a later start goes on.
	OutcomeStopped Outcome = "stopped"
	// OutcomeLost: another owner has taken over. The shell stops at once, without
	// clean-up: everything in the store and in the sinks is the other one's now.
	OutcomeLost Outcome = "lost"
	// OutcomeFailed: the job failed, or checkpoints did for too long. A restart
	// goes on from the last decided checkpoint.
	OutcomeFailed Outcome = "failed"
)

func (Trigger) isEffect()         {}
func (Drain) isEffect()           {}
func (Completed) isEffect()       {}
func (CheckpointTaken) isEffect() {}
func (Aborted) isEffect()         {}
func (Work) isEffect()            {}
func (Warning) isEffect()         {}
func (Ended) isEffect()           {}

func (e Trigger) String() string {
	if e.Barrier.Stop {
		return fmt.Sprintf("trigger %d, the last", e.Barrier.ID)
	}
	return fmt.Sprintf("trigger %d", e.Barrier.ID)
}

func (Drain) String() string             { return "drain" }
func (e Completed) String() string       { return fmt.Sprintf("completed %d", e.ID) }
func (e CheckpointTaken) String() string { return fmt.Sprintf("taken %d, as was asked", e.ID) }
func (e Aborted) String() string         { return fmt.Sprintf("aborted %d: %v", e.ID, e.Err) }
func (e Work) String() string            { return "work: " + e.Name }
func (e Warning) String() string         { return fmt.Sprintf("warning: %v", e.Err) }

func (e Ended) String() string {
	if e.Err != nil {
		return fmt.Sprintf("ended: %s: %v", e.Outcome, e.Err)
	}
	return "ended: " + string(e.Outcome)
}
