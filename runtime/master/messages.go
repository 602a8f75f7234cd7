package master

import (
	"github.com/weirstream/weir/runtime/checkpoint"
	"github.com/weirstream/weir/runtime/task"
)

// message is what comes in the master's mailbox: the outcome of what it has had
// done in the background, what chains report, and what users ask for.
type message interface{ isMessage() }

type (
	// tookOver: the job's checkpoints are this owner's.
	tookOver struct {
		owner *checkpoint.Owner
		err   error
	}
	// recovered: what was decided is committed, or err says why not.
	recovered struct {
		sinks []checkpoint.Sink
		err   error
	}
	// restored: the chains stand where the last checkpoint left them.
	restored struct {
		built built
		err   error
	}
	// reported is what a chain says.
	reported struct{ task.Report }
	// discovered is the outcome of a discovery.
	discovered struct {
		source string
		found  discovery
		err    error
	}
	// worked is the outcome of a piece of the coordinator's work.
	worked struct{ event checkpoint.Event }
	// crowded: there was no room for so many bytes.
	crowded struct {
		bytes int64
		err   error
	}
	// askedForRoom is the answer to whether there is room again.
	askedForRoom struct{ err error }
	// wished asks for a savepoint.
	wished struct{ *wish }
	// granted: the outcome of a savepoint is known.
	granted struct{ *wish }
	// wanted: a source waits for a checkpoint.
	wanted struct{}
	// stop asks for a last checkpoint and the end; if drain is set, as if the
	// input had ended.
	stop struct{ drain bool }
)

func (tookOver) isMessage()     {}
func (recovered) isMessage()    {}
func (restored) isMessage()     {}
func (reported) isMessage()     {}
func (discovered) isMessage()   {}
func (worked) isMessage()       {}
func (crowded) isMessage()      {}
func (askedForRoom) isMessage() {}
func (wished) isMessage()       {}
func (granted) isMessage()      {}
func (wanted) isMessage()       {}
func (stop) isMessage()         {}
