package master

import (
	"time"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/state"
)

// Options is how a job runs; none of it changes the result.
type Options struct {
	Env env.Env
	// Store keeps the checkpoints; it belongs to this job alone.
	Store objstore.Store
	// Savepoint, if set, holds what Store begins with, where it is empty.
	Savepoint objstore.Store
	// Pool lends batches; nil is a pool of the run's own.
	Pool *record.Pool
	// Parallelism is the subtasks of each step that does not set its own. At least 1.
	Parallelism int
	// BatchRows is how many rows a full batch has; 0 is 1024.
	BatchRows int
	// Budget is how many rows an operator emits in one call; 0 is 4096.
	Budget int
	// BufferTimeout is how long rows wait for their batch to fill; 0 is 5 ms.
	BufferTimeout time.Duration
	// EdgeBytes is how much may be under way on an edge; 0 is 1 MiB. An edge
	// takes one batch at least.
	EdgeBytes int
	// Memory is how many bytes the job may take; 0 is as many as it needs. The status says so.
	Memory int64
	// Tier is where rows of state go that memory has no room for; nil keeps all in memory. It
	// belongs to this run.
	Tier *state.Tier
	// Room, if set, is asked whether the disk of checkpoints and of rows of state has room.
	// Where it has not, checkpoints fail and sources read nothing until it has. It belongs to
	// this run.
	Room *Room
	// Ended, if set, is called as soon as a job of [Start] has come to its end, or has failed
	// or been cancelled: nobody waits any more for what its goroutines do.
	Ended func()
	// TakenOver, if set, is called once the job belongs to this run and no other, before
	// anything is built.
	TakenOver func() error
	// CheckpointInterval is the time between the starts of two checkpoints; 0
	// takes none but the last.
	CheckpointInterval time.Duration
	// CheckpointTimeout is how long a checkpoint may take before it is given up, and
	// how long the store may keep failing before the job does; 0 is 10 minutes.
	CheckpointTimeout time.Duration
	// CommitTimeout is how long the commits of a sink may keep failing before the job does; 0
	// is for ever: the job goes on, and at its end waits.
	CommitTimeout time.Duration
	// AllowChanged starts a job although steps differ from those in its last
	// checkpoint: those that are the same keep their state, others lose it. Warn is
	// told.
	AllowChanged bool
	// AllowDuplicates starts a job although its last checkpoint is damaged or lost, from
	// an older one: sinks may show output twice.
	AllowDuplicates bool
	// Warn, if set, is told of failures that the job goes on after. It is
	// called by one goroutine at a time.
	Warn func(error)
	// Observe, if set, is told what happens to the job, warnings among it. It is called by one
	// goroutine at a time.
	Observe func(status.Event)
	// Retain is how many decided checkpoints are kept; 0 is 2.
	Retain int
}

func (o Options) withDefaults() Options {
	set := func(v *int, d int) {
		if *v == 0 {
			*v = d
		}
	}
	set(&o.Parallelism, 1)
	set(&o.BatchRows, 1024)
	set(&o.Budget, 4096)
	set(&o.EdgeBytes, 1<<20)
	set(&o.Retain, 2)
	if o.BufferTimeout == 0 {
		o.BufferTimeout = 5 * time.Millisecond
	}
	if o.Pool == nil {
		o.Pool = record.NewPool()
	}
	return o
}
