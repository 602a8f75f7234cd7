package checkpoint

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// TestForgottenOwners puts an old copy of a store in the place of a newer one, so that
// the sink alone knows of the owners and checkpoints since. With the user's leave the
// job goes on, and nobody uses a generation or an id that was used before.
func TestForgottenOwners(t *testing.T) {
	refused, accepted := 0, 0
	whole := trial.Run(t, 300, func(c *trial.Case) {
		objects, out := objstore.NewMemory(), &board{}
		out.live(c, objects, false)
		saved := copyOf(c, objects)
		for range 1 + c.Random.IntN(3) {
			out.live(c, objects, false)
		}
		_, err := TakeOver(ctx, saved, out.options(c, false))
		switch damage := new(DamagedError); {
		case err == nil:
			accepted++
			return
		case !errors.As(err, &damage):
			c.Fatal(err)
		case damage.NothingLeft():
			return
		}
		refused++
		out.live(c, saved, true)
		out.live(c, saved, false)
	})
	if whole && (refused < 100 || accepted < 3) {
		t.Errorf("too tame: %d starts were refused, %d went on", refused, accepted)
	}
}

func copyOf(c *trial.Case, objects *objstore.Memory) *objstore.Memory {
	saved := objstore.NewMemory()
	names, err := objects.List(ctx, "")
	for _, name := range names {
		content, getErr := objstore.Get(ctx, objects, name)
		err = errors.Join(err, getErr, objstore.Put(ctx, saved, name, content))
	}
	if err != nil {
		c.Fatal(err)
	}
	return saved
}

// board is a sink that can tell what it has shown, and for whom.
type board struct {
	shown []stream.Shown
}

func (b *board) options(c *trial.Case, duplicates bool) Options {
	o := startOptions(c, duplicates)
	for i := range o.Steps {
		if o.Steps[i].Sink {
			o.Steps[i].Witness = func(string) stream.Witness { return b }
		}
	}
	return o
}

// live has an owner take some checkpoints, none with a number that the board knows.
func (b *board) live(c *trial.Case, objects *objstore.Memory, duplicates bool) {
	o, err := TakeOver(ctx, objects, b.options(c, duplicates))
	if err != nil {
		c.Fatal(err)
	}
	for _, s := range b.shown {
		if s.Generation >= o.Generation || s.Checkpoint > o.takeover.Checkpoint {
			c.Errorf("generation %d uses ids behind %d, and %s is of generation %d", o.Generation, o.takeover.Checkpoint, s.Name, s.Generation)
		}
	}
	if err := o.Recover(ctx, []Sink{{"out", hand{b, o.Generation}}}); err != nil {
		c.Fatal(err)
	}
	d := newDrive(c.Random, o)
	for range c.Random.IntN(40) {
		d.next()
	}
}

// ShownAfter implements stream.Witness.
func (b *board) ShownAfter(id stream.CheckpointID) (after []stream.Shown, err error) {
	for _, s := range b.shown {
		if s.Checkpoint > id {
			after = append(after, s)
		}
	}
	return after, nil
}

// Whole implements stream.Witness.
func (b *board) Whole(stream.CheckpointID, []stream.Pending) error { return nil }

// hand is an owner's on the board.
type hand struct {
	*board
	generation uint64
}

func (h hand) Commit(_ context.Context, id stream.CheckpointID, _ []stream.Pending) error {
	s := stream.Shown{Name: fmt.Sprintf("part-%d", id), Generation: h.generation, Checkpoint: id}
	if !slices.ContainsFunc(h.shown, func(one stream.Shown) bool { return one.Checkpoint == id }) {
		h.shown = append(h.shown, s)
	}
	return nil
}

func (h hand) Abort(context.Context) error { return nil }
