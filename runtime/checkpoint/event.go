package checkpoint

import (
	"fmt"
	"time"

	"github.com/weirstream/weir/runtime/stream"
)

// Event is what a coordinator is told: one of the types of this file, or what
// a [Work] has returned.
type Event interface{ isEvent() }

// Enumerator stands for the enumerator of a source among its subtasks.
const Enumerator = -1

type (
	// Started begins the coordinator's work; it is the first event, after Recover.
	Started struct{ Now time.Time }

	// Tick tells the time. [Coordinator.Wake] says when one is due at the latest;
	// more of them do no harm.
	Tick struct{ Now time.Time }

	// Ack is a subtask's part of a checkpoint, its objects stored already.
	Ack struct {
		Checkpoint stream.CheckpointID
		Step       string
		Subtask    int // or Enumerator
		Entry      Entry
	}

	// Decline says that a subtask cannot take part in this checkpoint, though it
	// can go on working and will be able to take part in the next one.
	Decline struct {
		Checkpoint stream.CheckpointID
		Step       string
		Subtask    int
		Err        error
	}

	// SubtaskFinished says that a subtask has processed all its input and emitted
	// End. When all have, the job takes its last checkpoint.
	SubtaskFinished struct {
		Step    string
		Subtask int
	}

	// Crowded says whether there is no room for checkpoints: then none begins, not even
	// the last, until there is. One that is under way goes on, or is declined.
	Crowded struct{ Full bool }

	// CheckpointRequested asks for a checkpoint that begins behind it, as soon as there can be
	// one. [CheckpointTaken] answers. While the job drains there is none.
	CheckpointRequested struct{}

	// StopRequested ends the job: after a last checkpoint, to be gone on from
	// later, or, with Drain, as if the input had ended.
	StopRequested struct{ Drain bool }
)

func (Started) isEvent()             {}
func (Tick) isEvent()                {}
func (Ack) isEvent()                 {}
func (Decline) isEvent()             {}
func (SubtaskFinished) isEvent()     {}
func (Crowded) isEvent()             {}
func (CheckpointRequested) isEvent() {}
func (StopRequested) isEvent()       {}
func (workDone) isEvent()            {}

// workDone is what became of a Work.
type workDone struct {
	work Work // to be done again, if it failed
	err  error
}

// String draws the event as "work done: slot 3" or "work failed: …".
func (w workDone) String() string {
	if w.err != nil {
		return fmt.Sprintf("work failed: %s: %v", w.work.Name, w.err)
	}
	return "work done: " + w.work.Name
}
