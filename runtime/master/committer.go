package master

import (
	"context"
	"fmt"

	"github.com/weirstream/weir/runtime/actor"
	"github.com/weirstream/weir/runtime/stream"
)

// namedCommitter is a committer whose panics name its sink: they end the job,
// while errors of commits are tried again.
type namedCommitter struct {
	sink string
	stream.Committer
}

// Commit implements stream.Committer.
func (c namedCommitter) Commit(ctx context.Context, id stream.CheckpointID, pending []stream.Pending) error {
	defer c.name()
	return c.Committer.Commit(ctx, id, pending)
}

// Abort implements stream.Committer.
func (c namedCommitter) Abort(ctx context.Context) error {
	defer c.name()
	return c.Committer.Abort(ctx)
}

func (c namedCommitter) name() {
	if r := recover(); r != nil {
		panic(fmt.Sprintf("sink %q: %v", c.sink, r))
	}
}

// namedWitness is a witness whose panics are errors that name its sink.
type namedWitness struct {
	sink string
	make func() stream.Witness
}

// ShownAfter implements stream.Witness.
func (w namedWitness) ShownAfter(id stream.CheckpointID) (shown []stream.Shown, err error) {
	err = actor.Guard(w.sink, func() error {
		shown, err = w.make().ShownAfter(id)
		return err
	})
	return shown, err
}

// Whole implements stream.Witness.
func (w namedWitness) Whole(id stream.CheckpointID, pending []stream.Pending) error {
	return actor.Guard(w.sink, func() error { return w.make().Whole(id, pending) })
}
