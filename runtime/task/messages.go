package task

import (
	"github.com/weirstream/weir/runtime/checkpoint"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// This file is all that a chain and its master say to each other: plain data, as it
// could be sent between two machines.

// Command is what a master tells a chain.
type Command interface {
	toChain
	isCommand()
}

// toChain is all that comes in a chain's mailbox: commands, and the outcome of what
// it has had done in the background.
type toChain interface{ toChain() }

// The commands.
type (
	// Assign adds splits to a source. Followed are splits that have ended and need not
	// keep the watermark back any more, as all that follows them is handed out.
	// From is the checkpoint that the splits are from, 0 where they are from none.
	// Discovered says that a discovery of this run stands behind it, Done that there
	// will be no more splits, Ended that the source had ended before and is to read no
	// more.
	// Gone are splits that cannot be read any more.
	Assign struct {
		Splits     []SplitState
		Gone       []stream.SplitID
		Followed   []stream.SplitID
		From       stream.CheckpointID
		Discovered bool
		Done       bool
		Ended      bool
	}
	// Trigger has a source send a barrier. Forget are splits that have ended, which this
	// checkpoint and those behind it do without.
	Trigger struct {
		Barrier stream.Barrier
		Forget  []stream.SplitID
	}
	// Drain has a source end as if its input had ended.
	Drain struct{}
	// Hold has a source read nothing, or go on: as long as there is no room for what would
	// come of it.
	Hold struct{ On bool }
	// Align has a source read nothing on that is later than a limit.
	Align struct{ Limit record.Time }
	// Completed says that a checkpoint is decided.
	Completed struct{ ID stream.CheckpointID }
)

func (Assign) isCommand()    {}
func (Trigger) isCommand()   {}
func (Drain) isCommand()     {}
func (Hold) isCommand()      {}
func (Align) isCommand()     {}
func (Completed) isCommand() {}

// Report is what a chain tells its master.
type Report interface{ isReport() }

// The reports.
type (
	// Acknowledged says that a subtask's share of a checkpoint is durable, or Err
	// why not.
	Acknowledged struct {
		Step    string
		Subtask int
		ID      stream.CheckpointID
		Entry   checkpoint.Entry
		Written int64 // bytes of state that were written for it
		Err     error
	}
	// Ended says that a subtask has processed all its input.
	Ended struct {
		Step    string
		Subtask int
	}
	// Told says that a source was told of a checkpoint, or of all up to it, or Err why
	// not.
	Told struct {
		Source  string
		Subtask int
		ID      stream.CheckpointID
		Err     error
	}
	// Fronted says how far a source has come in event time, and whether others that are
	// aligned with it are to wait for it.
	Fronted struct {
		Source  string
		Subtask int
		Front   record.Time
		Counts  bool
	}
	// Lost says what a source could not read and has left out.
	Lost struct {
		Source string
		What   error
	}
	// SplitFinished says that a split has been read to its end, with its greatest event
	// time.
	SplitFinished struct {
		Source string
		Split  stream.SplitID
		Max    record.Time
	}
)

func (Acknowledged) isReport()  {}
func (Ended) isReport()         {}
func (SplitFinished) isReport() {}
func (Fronted) isReport()       {}
func (Lost) isReport()          {}
func (Told) isReport()          {}

type (
	// fetched is the outcome of a fetch of a source.
	fetched struct {
		stream.Fetched
		err error
	}
	// acknowledged is the outcome of telling a reader of a checkpoint.
	acknowledged struct {
		id  stream.CheckpointID
		err error
	}
	// persisted says that a node's share of a checkpoint is durable, or why not.
	persisted struct {
		node  *node
		share *share
	}
)

func (Assign) toChain()       {}
func (Trigger) toChain()      {}
func (Drain) toChain()        {}
func (Hold) toChain()         {}
func (Align) toChain()        {}
func (Completed) toChain()    {}
func (fetched) toChain()      {}
func (acknowledged) toChain() {}
func (persisted) toChain()    {}
