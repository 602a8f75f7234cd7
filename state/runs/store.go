package runs

import (
	"errors"
	"strconv"
)

// ID names a run of a store. Each run has an ID of its own, even after another was dropped.
type ID uint64

// String returns "run 7", as messages name a run.
func (id ID) String() string { return "run " + strconv.FormatUint(uint64(id), 10) }

// ChunkStore keeps the chunks of runs, each written once. It may be a mere cache of what
// checkpoints hold: what a crash leaves of it need not be complete, but every chunk that
// it gives is either the one written, or does not pass the check of its [Chunk].
//
// Calls for different runs may come from different goroutines at once.
type ChunkStore interface {
	// Create begins a run. It fails if the run is there, complete or not.
	Create(run ID) (RunWriter, error)
	// Open opens a run whose writer has been closed without an error. One that is not
	// there is an [ErrNoRun].
	Open(run ID) (RunReader, error)
	// Drop removes a run, complete or not; it is no error if there is none. Nobody
	// writes to it any more. Readers that are open go on or fail; they never give
	// other bytes.
	Drop(run ID) error
}

// ErrNoRun says that a store does not have a run: it was dropped or never completed, or
// the store was begun afresh. The run must be restored from the checkpoint.
var ErrNoRun = errors.New("the store does not have this run")

// RunWriter writes one run. It belongs to one goroutine.
type RunWriter interface {
	ChunkWriter
	// Close completes the run, and is called once, also after a failed write, which it
	// then returns. After an error the run is to be dropped.
	Close() error
}

// RunReader reads one run. Several goroutines may read at once, each with a buffer of its
// own.
type RunReader interface {
	ChunkReader
	// Close ends reading. Nobody is reading any more.
	Close() error
}
