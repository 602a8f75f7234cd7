package checkpoint

import (
	"sync/atomic"

	"github.com/weirstream/weir/runtime/stream"
)

// Owner is the right to write checkpoints, until the next owner takes over.
type Owner struct {
	// Generation is higher than that of every owner before.
	Generation uint64
	// Run names everything since the fresh start.
	Run string
	// Manifest is what to restore; nil in a fresh start. Steps of which the job
	// cannot use the state (AllowChanged) are left out.
	Manifest *Manifest
	// Changed says how the job differs from that of the checkpoint, where it goes on
	// all the same (AllowChanged); otherwise nil.
	Changed *ChangedError
	// Warnings is what was odd about the store and has been passed over, and what of
	// its last checkpoint was damaged or lost (AllowDuplicates).
	Warnings []error

	store   store
	options Options
	nonce   string
	lanes   []*lane         // of the sinks, from Recover on
	told    map[uint64]bool // strays that the user knows of
	objects atomic.Uint64   // state objects that we have begun to write
	reading reading         // state objects that are open
	// shown is a checkpoint up to which all sinks have committed.
	shown atomic.Uint64
	// newest is the last checkpoint that we have decided; nil before the first.
	newest atomic.Pointer[Manifest]
	// takeover is the slot that made us the owner.
	takeover *slot
	// decided and whole are the checkpoint that we go on from, with all steps;
	// nil in a fresh start.
	decided *slot
	whole   *Manifest
}

// Kept returns what the committer of a sink has to remember, nil if nothing.
func (o *Owner) Kept(sink string) []byte {
	if s := o.whole.Step(sink); s != nil {
		return s.Kept
	}
	return nil
}

// damaged returns the error for a checkpoint of which a part is damaged.
func (o *Owner) damaged(id stream.CheckpointID, reason error) error {
	damage := &DamagedError{sinks: o.options.Steps}
	damage.add(reason, id, id)
	return damage
}

// blank returns the manifest of a checkpoint that nobody has acknowledged yet,
// and those who are to.
func (o *Owner) blank(id stream.CheckpointID) (*Manifest, []subtask) {
	m := &Manifest{Job: o.options.Job, Run: o.Run, Checkpoint: id, Generation: o.Generation}
	var awaited []subtask
	for _, s := range o.options.Steps {
		m.Steps = append(m.Steps, Step{
			ID: s.ID, Definition: s.Definition,
			Stateful: s.keeps(), Sink: s.Sink, Subtasks: make([]Entry, s.Parallelism),
		})
		if s.Source {
			awaited = append(awaited, subtask{s.ID, Enumerator})
		}
		for i := range s.Parallelism {
			awaited = append(awaited, subtask{s.ID, i})
		}
	}
	return m, awaited
}

// slotAfter returns a slot to be created behind our last one.
func (o *Owner) slotAfter(last *slot, kind slotKind, id stream.CheckpointID) *slot {
	return &slot{
		Number: last.Number + 1, Kind: kind, Job: o.options.Job, Run: o.Run,
		Generation: o.Generation, Nonce: o.nonce, Checkpoint: id,
	}
}
