package stream

import (
	"context"
	"time"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/record"
)

// Sink is a connector's writing side. It is two-phase: writers, one per
// subtask, put rows where nobody sees them and at each barrier make them
// durable; once the checkpoint is decided the committer shows them. Together
// with replayed sources that makes every row visible exactly once.
type Sink interface {
	// NewWriter returns the writer of one subtask.
	NewWriter(WriterContext) (Writer, error)
	// NewCommitter returns the committer, of which there is one a run.
	NewCommitter(CommitterContext) (Committer, error)
}

// Placer is a sink that can say where its rows are to be found, in words for
// people: a folder, a topic.
type Placer interface{ Place() string }

// WriterContext is what a writer is made with.
type WriterContext struct {
	Env     env.Env
	Job     string
	Run     string // names the output's run: the same until the job is started afresh
	Sink    string // the id of the sink in the job
	Subtask int
	// Parallelism is the number of writers: 0 ≤ Subtask < Parallelism.
	Parallelism int
	// Generation is the owner's: it grows with each takeover, so that what an
	// owner wrote that was thought dead can be told from what is ours.
	Generation uint64
	Schema     *record.Schema
	// Changelog says how rows replace and withdraw one another; nil: they only add to what came
	// before.
	Changelog *Changelog
	// Background has work done on another goroutine, soon; a job that ends may
	// leave it undone. It is nil where everything is done at Prepare.
	Background func(work func())
	// Wake has [Worker.Work] called soon. Any goroutine may call it.
	Wake func()
	// Reject does with rows that the destination does not take what the sink's on_error says; its
	// error fails the job. It is called within Write, Watermark and Work.
	Reject func([]FailedRecord) error
}

// Pending is what Prepare made durable and Commit is to show, in the sink's own
// encoding. An empty one has nothing to show.
type Pending []byte

// Writer writes the rows of one subtask.
type Writer interface {
	// Write takes in a dense batch, whose reference it owns.
	Write(b *record.Batch) error
	// Prepare ends what was written since the previous Prepare, as belonging to
	// checkpoint id. Writing goes on at once; finish, called at most once and on
	// another goroutine, makes the ended part durable and returns what Commit
	// needs.
	Prepare(id CheckpointID) (finish func() (Pending, error), err error)
	// Close gives up what the writer holds open. What was not prepared is lost.
	Close() error
}

// Watermarked is a writer that hears how far the event time of its input has come.
type Watermarked interface {
	// Watermark tells of each watermark, in its place among the rows; MaxTime is the end.
	Watermark(t record.Time) error
}

// Worker is a writer that works away from the chain: it gathers rows, sends them in the
// background and hears later what became of them. Meanwhile the chain goes on, and other sinks.
type Worker interface {
	Writer
	// Work takes in what was done meanwhile and returns how the writer stands. It is called
	// behind each Write, behind [WriterContext.Wake], and when the time has come that it returned
	// last. It does not wait. hurry says that a barrier waits until nothing is held: what was
	// gathered is to be sent now.
	Work(now time.Time, hurry bool) (Standing, error)
}

// Standing is how a [Worker] stands.
type Standing struct {
	// Full says that it takes no rows just now: those who feed it are held back.
	Full bool
	// Held is how many of the rows that were written are still on their way and may fail. A
	// barrier waits for them, so that a dead letter is in the same checkpoint as its row.
	Held int
	// Next is when Work is to be called at the latest; zero is when it is woken.
	Next time.Time
}

// NothingToCommit is the committer of a sink that shows rows as they come.
type NothingToCommit struct{}

// Commit implements [Committer].
func (NothingToCommit) Commit(context.Context, CheckpointID, []Pending) error { return nil }

// Abort implements [Committer].
func (NothingToCommit) Abort(context.Context) error { return nil }

// CommitterContext is what a committer is made with.
type CommitterContext struct {
	Env        env.Env
	Job        string
	Run        string
	Sink       string
	Generation uint64
	// Kept is what a [Keeper] returned behind the last commit that the checkpoint knows of;
	// nil in a fresh run. Commits behind it come again, in their order.
	Kept []byte
}

// Committer shows what writers prepared, and tidies up behind lost owners.
type Committer interface {
	// Commit shows what was prepared for a checkpoint that is decided. It is called for one
	// checkpoint after the other, while writers and later checkpoints go on. It is
	// idempotent: after a crash it is called again with the same arguments. So it is
	// after an error, unless that is fatal (runtime/failure); one that wraps
	// [ErrDamaged] is.
	Commit(ctx context.Context, id CheckpointID, pending []Pending) error
	// Abort removes what generations up to this one left unprepared or undecided.
	// It is called after a takeover, when everything decided has been committed and
	// before this generation writes anything.
	Abort(ctx context.Context) error
}

// Keeper is a committer that has to remember something over restarts: a pool of ids that it
// has lent, a number that it gives to what it shows.
type Keeper interface {
	// Keep returns what CommitterContext.Kept is to be after a restart. It is called behind
	// each Commit that succeeds.
	Keep() []byte
}
