package checkpoint

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

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
	// AllowChanged starts although steps differ from those of the checkpoint: what of
	// their state means the same is kept, the rest is dropped.
	AllowChanged bool
	// AllowDuplicates starts although the last checkpoint is damaged or lost, from the
	// latest older one that is whole: sinks may show output twice.
	AllowDuplicates bool
}

// StepInfo is what checkpoints need to know about a step.
type StepInfo struct {
	ID          string
	Definition  stream.Definition // what the meaning of what it keeps depends on
	Sources     []string          // the sources whose rows come to it
	Parallelism int               // the number of subtasks that acknowledge
	Source      bool              // its enumerator acknowledges, too
	Sink        bool              // it has output to commit
	Stateful    bool              // it keeps state; implied by Source and Sink
	// Witness returns what looks at the sink's medium for a run; nil where the
	// sink has none.
	Witness func(run string) stream.Witness
}

func (s StepInfo) keeps() bool { return s.Stateful || s.Source || s.Sink }

// ErrFinished says that the job of this store has run to its end and all its
// output is committed. There is nothing to do: the caller reports that and ends
// well. To run the job again, start it with an empty store.
var ErrFinished = errors.New("the job has already finished")

// TakeOver makes the caller the owner of the checkpoints in a store. It writes
// one slot, after everything has been checked, so that a start that is refused
// does not disturb an owner at work.
//
// It fails with [ErrFinished], with a [DamagedError] or a [ChangedError], which
// say what the user can do, or with an error of the store; then it may be tried
// again.
func TakeOver(ctx context.Context, objects objstore.Store, options Options) (*Owner, error) {
	o := &Owner{store: store{objects}, options: options}
	o.nonce, o.Run = hexName(options.Random), hexName(options.Random)
	for {
		err := o.try(ctx)
		if errors.Is(err, errTaken) {
			continue // an owner at work was faster
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", o.store.where(), err)
		}
		return o, nil
	}
}

// try takes over, or fails with errTaken where the log has moved meanwhile. An
// owner at work may have deleted what was being read, or have decided what the
// log that was read knows nothing of: then all that looked wrong says nothing.
func (o *Owner) try(ctx context.Context) error {
	h, err := o.store.history(ctx)
	if err != nil {
		return err
	}
	next, err := o.plan(ctx, h)
	if err == nil {
		return o.claim(ctx, next)
	}
	switch moved, movedErr := h.moved(ctx); {
	case movedErr != nil:
		return movedErr
	case moved:
		return errTaken
	}
	return err
}

// Superseded reports whether another owner has taken over, as far as the store
// can tell. It is for one that has failed, perhaps because the other has tidied
// away what it was writing; one that works learns of it by its next slot.
func (o *Owner) Superseded(ctx context.Context) bool {
	for {
		h, err := o.store.history(ctx)
		if err != nil {
			return false
		}
		last, _, err := h.last(ctx)
		if err == nil && last != nil {
			return last.Generation > o.Generation
		}
		if moved, _ := h.moved(ctx); !moved {
			return false
		}
	}
}

// hexName returns a random name of 128 bits.
func hexName(random *rand.Rand) string {
	return fmt.Sprintf("%016x%016x", random.Uint64(), random.Uint64())
}

// claim creates the takeover slot: from here on, nobody before us can decide
// anything.
func (o *Owner) claim(ctx context.Context, next *slot) error {
	if err := o.store.createSlot(ctx, next); err != nil {
		return err
	}
	o.takeover, o.Generation, o.Run = next, next.Generation, next.Run
	return nil
}
