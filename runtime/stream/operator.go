package stream

import (
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
)

// Operator turns elements into elements. It is a pure actor: it holds no
// goroutine, clock, random number or file, and its engine calls it from one
// goroutine at a time.
//
// One call does a bounded amount of work. Where there is more to emit than a
// budget, the operator leaves a cursor, and the engine calls Resume until
// nothing is pending. Between two such calls a checkpoint may be taken, so that
// a barrier does not wait for a firing of ten million timers: what is still to
// be emitted must follow from state and cursor. The output is the same whatever
// the budget.
type Operator interface {
	// Step takes in one element of an input: a batch, whose reference it owns,
	// a watermark, idle or end. The engine has combined the edges of an input:
	// watermarks rise, and End follows the watermark MaxTime. The first word
	// behind Idle is a watermark: the one before once more where it has not risen,
	// so that the operator can pass on that its input is active again. After a
	// restore watermarks begin anew, below the restored one perhaps. Step is never
	// called while output is pending.
	Step(in InputID, e Element, out Emitter) error
	// Resume goes on with pending output and returns as soon as out is full. It
	// is called after each Step and Control (see [Controlled]) and after a restore.
	Resume(out Emitter) (pending bool, err error)
	// Snapshot writes to the state backend whatever the operator keeps outside
	// its tables, such as watermark and cursor; the engine then freezes the
	// backend. It is valid while output is pending, too.
	Snapshot(id CheckpointID) error
	// Close releases batches and columns that the operator still holds.
	Close()
}

// Holder is implemented by operators that may hold rows which they have taken in,
// for lack of budget, outside of their state. A barrier waits until they have
// left, as it waits behind rows in general; so these must be few.
type Holder interface {
	// HoldsRows reports whether there are such rows now. It may do so only while
	// output is pending.
	HoldsRows() bool
}

// Controlled is an operator that wants to hear of what is no element of an input.
type Controlled interface {
	// Control tells of it. It is never called while output is pending.
	Control(c Control, out Emitter) error
}

// InputID numbers the inputs of an operator as its declaration lists them.
type InputID int

// Output names an output of a step, as job files do: "late" is that of hourly.late. A
// step declares those that it has, and may have some of its own.
type Output string

// The outputs that several kinds of steps have.
const (
	Main       Output = ""            // the result
	Late       Output = "late"        // input rows that were late for all of their windows
	DeadLetter Output = "dead_letter" // rows that failed, with the reason; schema [DeadLetterSchema]
)

// Emitter takes what an operator sends on.
type Emitter interface {
	// Emit sends an element to every consumer of an output and takes over the
	// batch's reference. It never blocks: an operator that emits no more than
	// its budget in one call need not ask before.
	//
	// Watermarks, Idle and End are emitted on Main and reach all outputs.
	Emit(output Output, e Element)
	// Full reports that consumers should catch up first: Resume returns.
	Full() bool
}

// Control is news that is no element.
type Control struct {
	Kind       ControlKind
	Checkpoint CheckpointID
}

// ControlKind tells controls apart.
type ControlKind uint8

const (
	CheckpointCompleted ControlKind = iota + 1 // Checkpoint is decided: it survives any failure from now on
)

// OperatorContext is what an operator is made with.
type OperatorContext struct {
	Step     string // the id of the step in the job
	Subtask  int    // 0 ≤ Subtask < Parallelism
	Pool     *record.Pool
	State    *state.Backend // restored already
	Budget   int            // rows that one call may emit, at least 1
	Counters *Counters
}

// NewOperator makes one subtask of a step.
type NewOperator func(OperatorContext) (Operator, error)
