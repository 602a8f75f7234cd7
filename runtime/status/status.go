// Package status describes a running job in plain values that anybody may keep:
// what progress lines, metrics, the REST API and the dashboard show.
package status

import (
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Job is a job at one moment.
type Job struct {
	Name       string
	State      State
	Generation uint64              // grows with each owner of the job's checkpoints
	Checkpoint stream.CheckpointID // the latest that is decided; 0 before the first
	Restored   stream.CheckpointID // the one that this run began with; 0 in a fresh run
	Waits      string              // what the job waits for before it goes on, such as room on a disk; "" is nothing
	Due        []Due               // what sinks have yet to show of what is decided
	Restarts   Restarts            // in this process
	Elapsed    time.Duration       // since the run began
	Memory     Memory
	Steps      []Step // as the graph orders them
}

// Restarts is how often a job has been started again after it had failed, in one process.
type Restarts struct {
	Count int64
	At    time.Time // of the last failure that led to one; zero: there was none
	Why   string    // it failed
}

// Due is the output of checkpoints that a sink has yet to show.
type Due struct {
	Sink        string
	Checkpoints int
	Since       time.Time // of the first of the attempts that have failed in a row; zero: none has
	Why         string    // the last of them failed; "" if none has
}

// Memory is who holds how many bytes of memory that a job counts.
type Memory struct {
	Budget      int64 // what the job may take; 0 is as much as it needs
	Rows        Use   // of state, with what is known of those on disk
	Batches     Use   // on their way, with what is decoded, and what is kept for more of them
	Checkpoints Use   // what is kept while state is written
}

// Use is how many bytes are held now, and were at most.
type Use struct{ Now, Most int64 }

// Step is all subtasks of a step together.
type Step struct {
	ID          string
	Parallelism int
	Counters    stream.CounterValues
	Rejects     []stream.Reject // why rows were dropped or made dead letters, the most frequent kind first
	// Watermark is the least of the subtasks' watermarks; MinTime before the
	// first one, MaxTime behind the end.
	Watermark record.Time
}

// State is what a job is doing.
type State string

const (
	Starting State = "starting" // taking over, restoring
	Running  State = "running"  // rows move
	Stopping State = "stopping" // the last checkpoint of a stop is under way
	Stopped  State = "stopped"  // ended by a stop; goes on at the next start
	Finished State = "finished" // all input is processed and committed
	Failed   State = "failed"   // ended by an error; the next start goes on from the last checkpoint
	Waiting  State = "waiting"  // failed, and will be started again
)
