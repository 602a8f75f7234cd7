package task

import (
	"github.com/weirstream/weir/runtime/checkpoint"
	"github.com/weirstream/weir/runtime/stream"
)

// toChain is a message for a chain.
type toChain interface{ chainMessage() }

// The messages for a chain.
type (
	// assign adds splits to a source. discovered says that a discovery of this
	// run stands behind it, done that there will be no more splits, ended that
	// the source had ended before and is to read no more.
	assign struct {
		splits     []splitMeta
		discovered bool
		done       bool
		ended      bool
	}
	// fetched is the outcome of a fetch of a source.
	fetched struct {
		stream.Fetched
		err error
	}
	// trigger has a source send a barrier.
	trigger struct{ barrier stream.Barrier }
	// drain has a source end as if its input had ended.
	drain struct{}
	// persisted says that a node's part of a checkpoint is durable, or why not.
	persisted struct {
		node *node
		part *part
	}
	// completed says that a checkpoint is decided.
	completed struct{ id stream.CheckpointID }
)

func (assign) chainMessage()    {}
func (fetched) chainMessage()   {}
func (trigger) chainMessage()   {}
func (drain) chainMessage()     {}
func (persisted) chainMessage() {}
func (completed) chainMessage() {}

// toMaster is a message for the master.
type toMaster interface{ masterMessage() }

// The messages for the master.
type (
	// tookOver: the job's checkpoints are this owner's.
	tookOver struct {
		owner *checkpoint.Owner
		err   error
	}
	// restored: what was decided is committed, and the chains stand where the
	// last checkpoint left them.
	restored struct {
		built *built
		err   error
	}
	// acknowledged: a subtask's part of a checkpoint is durable, or err says why not.
	acknowledged struct {
		step    string
		subtask int
		id      stream.CheckpointID
		entry   checkpoint.Entry
		err     error
	}
	// ended: a subtask has processed all its input.
	ended struct {
		step    string
		subtask int
	}
	// splitFinished: a split has been read to its end.
	splitFinished struct {
		source string
		split  stream.SplitID
	}
	// discovered is the outcome of a discovery.
	discovered struct {
		source *enumeration
		found  discovery
		err    error
	}
	// worked is the outcome of a piece of the coordinator's work.
	worked struct{ event checkpoint.Event }
	// stop asks for a last checkpoint and the end; if drain is set, as if the
	// input had ended.
	stop struct{ drain bool }
)

func (tookOver) masterMessage()      {}
func (restored) masterMessage()      {}
func (acknowledged) masterMessage()  {}
func (ended) masterMessage()         {}
func (splitFinished) masterMessage() {}
func (discovered) masterMessage()    {}
func (worked) masterMessage()        {}
func (stop) masterMessage()          {}
