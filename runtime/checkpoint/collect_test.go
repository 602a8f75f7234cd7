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

// TestCollectOvertakenAnywhere stops an owner that tidies up before each of its
// operations, while another one takes over and writes. What that one has written stays.
func TestCollectOvertakenAnywhere(t *testing.T) {
	stop := 0
	for ; collectOvertaken(t, stop) > stop; stop++ {
	}
	if stop < 5 {
		t.Errorf("only %d operations", stop)
	}
}

// collectOvertaken stops an owner before an operation, and returns how many there were.
func collectOvertaken(t *testing.T, stop int) (operations int) {
	t.Helper()
	objects := objstore.NewMemory()
	old := takeOver(t, objects, 1)
	if _, err := old.WriteObject(ctx, 1, "map", 0, text("garbage")); err != nil {
		t.Fatal(err)
	}
	var kept ObjectRef
	objects.Inject(func(objstore.Op) objstore.Outcome {
		if operations++; operations-1 == stop {
			objects.Inject(nil)
			var err error
			if kept, err = takeOver(t, objects, 2).WriteObject(ctx, 101, "map", 0, text("state")); err != nil {
				t.Fatal(err)
			}
		}
		return objstore.Outcome{}
	})
	if err := old.collect(ctx, old.takeover, 0); err != nil && !errors.Is(err, errTaken) {
		t.Error(err)
	}
	objects.Inject(nil)
	if kept.Name != "" {
		if err := old.store.verify(ctx, kept); err != nil {
			t.Errorf("overtaken before operation %d: %v", stop, err)
		}
	}
	return operations
}
