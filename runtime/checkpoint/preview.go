package checkpoint

import (
	"context"
	"errors"
	"fmt"

	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/stream"
)

// Preview says what a start would resume from, or one from the savepoint that the store holds,
// and how the job has changed since, which is nil if it has not. Without a checkpoint the number is 0. It writes nothing, and an
// owner may be at work: then its answer is that of a moment.
//
// It fails with [ErrFinished], with a [DamagedError], or with an error of the store. What
// the log has lost is only looked for by a start.
func Preview(ctx context.Context, objects objstore.Store, options Options) (stream.CheckpointID, *ChangedError, error) {
	o := &Owner{store: store{objects}, options: options}
	h, err := o.store.history(ctx)
	if err == nil && len(h.numbers) == 0 {
		if saved, err := o.store.savepoint(ctx); !errors.Is(err, ErrNone) {
			return previewSaved(saved, options, err)
		}
	}
	if err == nil {
		_, _, err = o.lastOf(ctx, h)
	}
	if err == nil {
		err = o.choose(ctx, h, &DamagedError{sinks: options.Steps})
	}
	switch {
	case err != nil:
		return 0, nil, fmt.Errorf("%s: %w", o.store.where(), err)
	case o.whole == nil:
		return 0, nil, nil
	}
	return o.whole.Checkpoint, compare(o.whole, options.Steps), nil
}

// previewSaved compares a savepoint with the job.
func previewSaved(saved *Taken, options Options, err error) (stream.CheckpointID, *ChangedError, error) {
	if err != nil {
		return 0, nil, err
	}
	return saved.Manifest.Checkpoint, compare(saved.Manifest, options.Steps), nil
}
