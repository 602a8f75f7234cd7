package checkpoint

import (
	"context"
	"fmt"

	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/stream"
)

// Preview says what a start would resume from, and how the job has changed since, which
// is nil if it has not. Without a checkpoint the number is 0. It writes nothing, and an
// owner may be at work: then its answer is that of a moment.
//
// It fails with [ErrFinished], with a [DamagedError], or with an error of the store. What
// the log has lost is only looked for by a start.
func Preview(ctx context.Context, objects objstore.Store, options Options) (stream.CheckpointID, *ChangedError, error) {
	o := &Owner{store: store{objects}, options: options}
	h, err := o.store.history(ctx)
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
