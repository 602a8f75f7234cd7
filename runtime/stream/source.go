package stream

import (
	"context"
	"time"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/record"
)

// Source is a connector's reading side: an enumerator, which knows what splits
// there are, and one reader per subtask, which reads many splits at once. The
// engine does the rest: it assigns splits, keeps positions and watermarks, and
// takes checkpoints of all that.
type Source interface {
	// Schema is the schema of the batches that readers return.
	Schema() *record.Schema
	// NewEnumerator returns the enumerator of a run. saved is what Snapshot
	// returned at the checkpoint that is restored, nil in a fresh run.
	NewEnumerator(e env.Env, saved []byte) (Enumerator, error)
	// NewReader returns the reader of one subtask.
	NewReader(ReaderContext) (Reader, error)
}

// MessageSource is a source whose records are messages. The columns of its schema are those
// of the values, which its format reads, and behind them metadata of the messages.
type MessageSource interface {
	Source
	// Metadata returns the columns of the metadata, under the names of these. A failed
	// record has them in its Header, as a JSON object.
	Metadata() []record.Field
}

// RangedSource is a source of whose splits rows count in a part of event time only. The
// engine skips the others, and counts them so.
type RangedSource interface {
	Source
	// RangeOf returns that part: from ≤ t < until.
	RangeOf(id SplitID) (from, until record.Time)
}

// SplitID names a split among those of its source, for good: a file's name, a
// partition.
type SplitID string

// Position is where to go on in a split, in the connector's own encoding. An
// empty position is the start.
type Position []byte

// Split is a part of a source that is read in order, by one reader at a time.
type Split struct {
	ID SplitID
	// Parents are the splits whose rows come before those of this one, as where a part
	// of a log has been split or merged with another. They are known before it, or with
	// it. The engine reads it behind their ends; for parents that it does not know, as
	// they were never returned or have long been read, it does not wait.
	Parents []SplitID
	// Position is where reading starts.
	Position Position
	// Notes are what the split had to remember there; nil at its start.
	Notes []byte
}

// Enumerator discovers splits. It is called from one goroutine at a time and
// remembers what it has returned.
type Enumerator interface {
	// Discover looks for what was not there before. Behind Finished it is called soon,
	// and returns the splits that go on where those have ended: until then the engine
	// keeps the watermark back for them.
	Discover(ctx context.Context) (Discovery, error)
	// Finished tells that a split has been read to its end. It is not told again once
	// a Snapshot that was taken behind it is in a checkpoint.
	Finished(id SplitID)
	// Snapshot returns what NewEnumerator needs to go on from here.
	Snapshot() ([]byte, error)
}

// Discovery is what an enumerator has found.
type Discovery struct {
	// Splits are those that were not returned before, in the order to hand them out.
	Splits []Split
	// Gone are splits that were returned and that nobody can read any more, as their
	// retention has passed. Each discovery names them, until Finished does. If some of
	// their rows were not read, the job fails, or goes on without them where the source
	// says on_damage: skip. Readers of such a source are Droppers.
	Gone []SplitID
	// Done says that there will be no more of either.
	Done bool
}

// ReaderContext is what a reader is made with.
type ReaderContext struct {
	Env       env.Env
	Pool      *record.Pool
	Subtask   int
	BatchRows int           // rows that a full batch has
	Read      Columns       // of the schema, those that somebody reads
	Filter    []Condition   // those that a [FilteringSource] takes
	Wait      time.Duration // after this long a partial batch is returned (the job's buffer_timeout)
}

// Reader reads the splits that are assigned to one subtask. Its methods are
// called from one goroutine at a time.
type Reader interface {
	// Assign adds splits to read, each from its position.
	Assign(splits []Split) error
	// Fetch waits for rows of any splits and returns them, at most BatchRows in
	// all, but where a record has several rows. It may return earlier with no rows to report progress (caught up,
	// finished) or because ctx has ended (then with ctx's error).
	Fetch(ctx context.Context) (Fetched, error)
	// Close gives up everything the reader holds.
	Close() error
}

// Pauser is a reader that can be held back in some of its splits.
type Pauser interface {
	// Pause keeps Fetch from returning rows of a split until Resume.
	Pause(id SplitID)
	Resume(id SplitID)
}

// Dropper is a reader that can give up splits.
type Dropper interface {
	// Drop has the reader return no more of these splits. It is called between two
	// fetches.
	Drop(ids []SplitID)
}

// Acknowledger is a reader that is told how far checkpoints have come: to commit offsets for
// those who watch, or to send acknowledgements.
type Acknowledger interface {
	// Acknowledge tells that a decided checkpoint has these splits at these positions:
	// what is before them is not read again. Checkpoints come in their order, a later
	// one perhaps in the place of several; behind a restart comes the one that the job
	// goes on from. It is called on another goroutine than the other methods, beside
	// them, and the job does not wait for it, but for the last. An error is warned of.
	Acknowledge(ctx context.Context, id CheckpointID, splits []Split) error
}

// Locator is a reader that can say where a position is, in words for people.
type Locator interface {
	// Locate is a function of its arguments: any goroutine may call it at any time.
	Locate(id SplitID, p Position) string
}

// Drainer is a reader that may have taken in what cannot be read again, such as
// bytes of standard input. When a job is drained, that has to come out.
type Drainer interface {
	// Drain has the reader take in no more, and returns the splits of which Fetch
	// still has something to return: it says of each that it is Finished when it
	// has not. It is called between two fetches, once.
	Drain() []SplitID
}
