package task

import (
	"context"
	"fmt"
	"runtime/debug"

	"github.com/weirstream/weir/runtime/stream"
)

// panicked is the error that a recovered panic becomes: what is wrong with one
// step fails its job, not the process. who names the step.
func panicked(who string, reason any) error {
	return fmt.Errorf("%s: panic, which is a bug in weir: %v\n%s", who, reason, debug.Stack())
}

// guard calls what a component has made for a step, and makes an error of a
// panic.
func guard(step string, call func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = panicked(step, r)
		}
	}()
	return call()
}

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
	err = guard(w.sink, func() error {
		shown, err = w.make().ShownAfter(id)
		return err
	})
	return shown, err
}

// Whole implements stream.Witness.
func (w namedWitness) Whole(id stream.CheckpointID, pending []stream.Pending) error {
	return guard(w.sink, func() error { return w.make().Whole(id, pending) })
}
