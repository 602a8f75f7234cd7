package checkpoint

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/stream"
)

// Options is how a job takes over its checkpoints.
type Options struct {
	// Job is the job's name; a store that holds another job's checkpoints is refused.
	Job string
	// Steps is the job as it is now.
	Steps []StepInfo
	// Retain is how many decided checkpoints are kept, at least 1.
	Retain int
	// Random names the run and the owner. It is used within TakeOver only.
	Random *rand.Rand
	// AllowChanged starts although steps differ from those of the checkpoint: the
	// state of those whose own definition is the same is kept, that of others
	// dropped.
	AllowChanged bool
	// AllowDuplicates starts although the last checkpoint is damaged, from the
	// latest older one that is whole: sinks may show output twice.
	AllowDuplicates bool
}

// StepInfo is what checkpoints need to know about a step.
type StepInfo struct {
	ID          string
	Definition  string // as graph.Step.Definition
	Reads       string // of an operator with state: how rows come to it, as graph.Graph.Reads
	Parallelism int    // the number of subtasks that acknowledge
	Source      bool   // its enumerator acknowledges, too
	Sink        bool   // it has output to commit
	Stateful    bool   // it keeps state; implied by Source and Sink
}

func (s StepInfo) keeps() bool { return s.Stateful || s.Source || s.Sink }

// ErrFinished says that the job of this store has run to its end and all its
// output is committed. There is nothing to do: the caller reports that and ends
// well. To run the job again, start it with an empty store.
var ErrFinished = errors.New("the job has finished already")

// TakeOver makes the caller the owner of the checkpoints in a store. It writes
// one slot, after everything has been checked, so that a start that is refused
// does not disturb an owner at work.
//
// It fails with [ErrFinished], with a [DamagedError] or a [ChangedError], which
// say what the user can do, or with an error of the store; then it may be tried
// again.
func TakeOver(objects objstore.Store, options Options) (*Owner, error) {
	o := &Owner{store: store{objects}, options: options}
	o.nonce, o.Run = hexName(options.Random), hexName(options.Random)
	for {
		h, err := o.store.history()
		if err != nil {
			return nil, fmt.Errorf("checkpoints: %w", err)
		}
		next, err := o.plan(h)
		if err != nil && h.moved() {
			continue // an owner at work may have deleted what we were reading
		}
		if err == nil {
			err = o.claim(next)
		}
		if errors.Is(err, errTaken) {
			continue // an owner at work was faster
		}
		if err != nil {
			return nil, fmt.Errorf("checkpoints: %w", err)
		}
		return o, nil
	}
}

// Superseded reports whether another owner has taken over, as far as the store
// can tell. It is for one that has failed, perhaps because the other has tidied
// away what it was writing; one that works learns of it by its next slot.
func (o *Owner) Superseded() bool {
	h, err := o.store.history()
	if err != nil {
		return false
	}
	last, _, err := h.last()
	return err == nil && last != nil && last.Generation > o.Generation
}

// hexName returns a random name of 128 bits.
func hexName(random *rand.Rand) string {
	return fmt.Sprintf("%016x%016x", random.Uint64(), random.Uint64())
}

// plan decides what to go on from and returns the takeover slot that says so.
func (o *Owner) plan(h *history) (*slot, error) {
	last, unreadable, err := h.last()
	if err != nil {
		return nil, err
	}
	next := &slot{
		Number: h.end() + 1, Kind: takeoverSlot, Job: o.options.Job, Run: o.Run, Nonce: o.nonce,
		Generation: 1 + uint64(len(unreadable)),
	}
	if last != nil {
		if last.Job != o.options.Job {
			return nil, fmt.Errorf("the store belongs to job %q, not to %q; give each job a folder of its own", last.Job, o.options.Job)
		}
		if last.Kind == finishedSlot {
			return nil, ErrFinished
		}
		next.Run = last.Run
		next.Generation += last.Generation
		next.Checkpoint = last.usedIDs()
	}
	next.Checkpoint += stream.CheckpointID(len(unreadable)) * maxAttempts
	if err := o.choose(h); err != nil {
		return nil, err
	}
	if o.decided != nil {
		next.Restores = o.decided.Number
	}
	if err := o.fit(); err != nil || last == nil {
		return next, err
	}
	return next, o.store.settle(last.Number)
}

// choose finds the checkpoint to go on from: the last that was decided or, if
// that is damaged and the user allows it, the latest whole one before it.
func (o *Owner) choose(h *history) error {
	o.decided, o.whole, o.Manifest = nil, nil, nil
	damage := &DamagedError{sinks: o.options.Steps}
	var failed error
	h.decided(func(s *slot, err error) bool {
		var m *Manifest
		if err == nil {
			m, err = o.load(s)
		}
		if err == nil {
			o.decided, o.whole = s, m
			return false
		}
		if !errors.Is(err, errDamaged) {
			failed = err
			return false
		}
		damage.add(s, err)
		return true
	})
	switch {
	case failed != nil:
		return failed
	case damage.damaged() && !o.options.AllowDuplicates:
		damage.fallback = o.decided
		return damage
	case damage.damaged() && o.decided == nil:
		damage.nothingLeft = true
		return damage
	}
	return nil
}

// load reads a manifest; before a fallback the objects of the checkpoint, too,
// because there is no telling what else was damaged.
func (o *Owner) load(decided *slot) (*Manifest, error) {
	m, err := o.store.manifest(decided)
	if err != nil || !o.options.AllowDuplicates {
		return m, err
	}
	for ref := range m.objects() {
		if _, err := o.store.read(ref); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// fit checks the job against the checkpoint and leaves out of Manifest the
// steps that it cannot go on with.
func (o *Owner) fit() error {
	if o.whole == nil {
		return nil
	}
	o.Changed = compare(o.whole, o.options.Steps)
	if o.Changed != nil && !o.options.AllowChanged {
		return o.Changed
	}
	usable := *o.whole
	usable.Steps = slices.Clone(o.whole.Steps)
	if o.Changed != nil {
		usable.Steps = slices.DeleteFunc(usable.Steps, func(s Step) bool { return o.Changed.drops(s.ID) })
	}
	o.Manifest = &usable
	return o.checkOrphans()
}

// checkOrphans refuses a job that no longer has a sink for which output waits
// to be committed.
func (o *Owner) checkOrphans() error {
	done, err := o.store.committed(o.decided)
	if err != nil || done {
		return err
	}
	for _, s := range o.whole.Steps {
		isSink := slices.ContainsFunc(o.options.Steps, func(i StepInfo) bool { return i.ID == s.ID && i.Sink })
		if len(s.pending()) > 0 && !isSink {
			return fmt.Errorf("checkpoint %d holds output of sink %q that is yet to be committed, and the job has no such sink; "+
				"start the job once as it was, then change it", o.whole.Checkpoint, s.ID)
		}
	}
	return nil
}

// claim creates the takeover slot: from here on, nobody before us can decide
// anything.
func (o *Owner) claim(next *slot) error {
	content, err := seal("slot", next)
	if err != nil {
		return err
	}
	if err := o.store.createSlot(next.Number, content); err != nil {
		return err
	}
	o.takeover, o.Generation, o.Run = next, next.Generation, next.Run
	return nil
}
