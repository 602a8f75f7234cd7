package status

import (
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Detail is a job at one moment, subtask by subtask: what metrics show.
type Detail struct {
	Job         // without Steps
	At          time.Time
	Disk        int64 // bytes of rows of state that memory had no room for
	Checkpoints Checkpoints
	Tasks       []Task // chain by chain
}

// Checkpoints is how a run's checkpoints went.
type Checkpoints struct {
	Interval   time.Duration // between the starts of two; 0 is none but the last
	Completed  int64
	Failed     int64
	InProgress int64
	// Last is the latest that was decided in this run; its ID is 0 before the first.
	Last CheckpointTaken
}

// CheckpointTaken is a checkpoint that was decided.
type CheckpointTaken struct {
	ID        stream.CheckpointID
	At        time.Time
	Took      time.Duration // from its beginning to the decision
	Bytes     int64         // of state that was written for it
	FullBytes int64         // of all state that it rests on
}

// Task is one subtask of a chain: what one goroutine works off.
type Task struct {
	Name              string // the steps of the chain
	Subtask           int
	Spent             Spent
	BytesIn, BytesOut int64         // over edges between chains, as they take memory
	Aligned           time.Duration // from the first to the last barrier of the latest checkpoint
	HasInputs         bool          // from other chains
	HasOutputs        bool          // to other chains
	Steps             []Subtask
}

// Spent is how a task has spent its time since it began.
type Spent struct {
	Busy          time.Duration
	Idle          time.Duration // with nothing to do
	Backpressured time.Duration // with something to do that consumers have no room for
}

// Kind is what a step is.
type Kind string

// The kinds of steps.
const (
	Source   Kind = "source"
	Operator Kind = "operator"
	Sink     Kind = "sink"
)

// Subtask is one subtask of a step.
type Subtask struct {
	Step string
	Kind Kind
	// Counters are those of this run: what a checkpoint brought along is not among them.
	Counters stream.CounterValues
	// Bytes are those of the rows that a source has taken in, or a sink, as they take memory.
	Bytes int64
	// Watermark is the one that was emitted last; MinTime before the first, MaxTime behind
	// the end. Input is that of all inputs together, Inputs of each.
	Watermark, Input record.Time
	Inputs           []record.Time
	// Behind is how far the latest rows of a source were behind the clock when they were
	// emitted; negative without any.
	Behind time.Duration
	Splits []Split // of a source, those that it still reads
}

// Split is where a source stands in one split, or in several together.
type Split struct {
	ID     string
	Others int // how many splits these are together, beside those that have their own entry; 0 is one
	// Watermark is the split's, or the least of several; MinTime before the first.
	Watermark record.Time
	// Latest is the greatest event time so far, or the least such of several; MinTime
	// before the first.
	Latest record.Time
	// Lag is how much of the split, or of several, is still to be read, as its connector
	// says; nil where it says nothing.
	Lag *stream.Lag
}
