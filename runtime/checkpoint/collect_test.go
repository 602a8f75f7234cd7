package checkpoint

import (
	"errors"
	"testing"

	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/trial"
)

// TestCollectBesideDamage has an owner tidy up beside another one that has taken over
// from it, whose slots cannot be read and who has decided nothing yet. It takes away its
// own garbage, and nothing of the other's.
func TestCollectBesideDamage(t *testing.T) {
	trial.Run(t, 50, func(c *trial.Case) {
		objects := objstore.NewMemory()
		old := takeOver(c.T, objects, c.Random.Uint64())
		young := takeOver(c.T, objects, c.Random.Uint64())
		keep := map[string]bool{}
		for range 1 + c.Random.IntN(10) {
			owner := []*Owner{old, young}[c.Random.IntN(2)]
			ref, err := owner.WriteObject(ctx, 1, "map", 0, text("state"))
			if err != nil {
				c.Fatal(err)
			}
			keep[ref.Name] = owner == young
		}
		damageBehind(c, objects, young.takeover.Number)
		if err := old.collect(ctx, old.takeover, 1); err == nil {
			c.Error("nothing was said of the slot that cannot be read")
		}
		for name, want := range keep {
			if _, err := objects.Stat(ctx, name); errors.Is(err, objstore.ErrNotFound) == want {
				c.Errorf("%s: %v, and it is to be kept: %v", name, err, want)
			}
		}
	})
}
