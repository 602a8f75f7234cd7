package status

import "github.com/weirstream/weir/runtime/stream"

// Event is something that has happened to a job and is worth a line in a log: a few of them
// come with each checkpoint, none with rows.
type Event struct {
	Kind EventKind
	// Step is where it happened; "" is the job as a whole.
	Step string
	// Checkpoint is the one that it is about, or that the job resumed from; 0 is none.
	Checkpoint stream.CheckpointID
	Generation uint64          // of Began: of the owner of the job's checkpoints
	Taken      CheckpointTaken // of CheckpointDecided
	Err        error           // of Warned: what the job goes on after
}

// EventKind says what has happened.
type EventKind string

// The kinds of events.
const (
	Began             EventKind = "began"      // rows move
	CheckpointDecided EventKind = "checkpoint" // one is decided
	Warned            EventKind = "warning"    // something has failed that the job goes on after
)
