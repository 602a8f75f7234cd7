package stream

import (
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
)

// Operator turns elements into elements. It is a pure actor: it holds no
// goroutine, clock, random number or file, and its engine calls it from one
// goroutine at a time. What time it is it hears from the engine ([Clocked]).
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
	// behind Idle is a watermark: the one before once more where it has not risen.
	// How far all inputs have come, [Progress] says. After a restore watermarks
	// begin anew, below the restored one perhaps.
	//
	// Of several inputs none waits for another: rows of one may come with the
	// watermark of the other far behind, or far ahead.
	//
	// Step is not called while output is pending, unless the operator is an
	// [Interleaver].
	//
	// A row that the operator emits for a row that came in, be it joined to others,
	// has the row watermark of that row: it is late for those whose row is.
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

// Interleaver is implemented by operators that may take in rows and watermarks while
// output is pending, as those can whose pending output follows from tables and
// watermark alone: rows that come now are late for what is being emitted. The engine
// makes use of it where a barrier waits behind rows, which otherwise waits until all
// output has left.
type Interleaver interface {
	// Interleaves reports whether that is so now.
	Interleaves() bool
}

// Clocked is an operator that does something at a time of the clock. It is Controlled,
// too, and is told by [ClockReached].
type Clocked interface {
	Controlled
	// Deadline returns when the operator wants to be told of the time; zero is never.
	// It is asked whenever the operator has nothing to do. After a restore it follows
	// from state.
	Deadline() time.Time
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
	// Watermarks, Idle and End are emitted on Main and reach all outputs, if they are
	// news ([Progress.Tell]).
	Emit(output Output, e Element)
	// Full reports that consumers should catch up first: Resume returns.
	Full() bool
}

// Control is news that is no element.
type Control struct {
	Kind       ControlKind
	Checkpoint CheckpointID // of CheckpointCompleted
	Now        time.Time    // of ClockReached
}

// ControlKind tells controls apart.
type ControlKind uint8

const (
	CheckpointCompleted ControlKind = iota + 1 // Checkpoint is decided: it survives any failure from now on
	ClockReached                               // Now is the operator's deadline or later
)

// OperatorContext is what an operator is made with.
type OperatorContext struct {
	Step        string // as the job calls it, of which the operator may be a part
	Subtask     int    // 0 ≤ Subtask < Parallelism
	Parallelism int
	Inputs      []InputContext // by InputID
	Progress    *Progress      // of these inputs
	// Now returns the time of the clock; what follows from it is not the same in
	// another run.
	Now      func() time.Time
	Pool     *record.Pool
	State    *state.Backend // restored already
	Budget   int            // changes that one call may emit, at least 1: an update is one, of two rows
	Counters *Counters
	Rejects  *Rejects // why those rows are not accepted that the operator drops or makes dead letters
}

// InputContext is what there is to know of an input.
type InputContext struct {
	Schema    *record.Schema
	Changelog *Changelog // nil: rows only add to what came before
}

// NewOperator makes one subtask of a step.
type NewOperator func(OperatorContext) (Operator, error)
