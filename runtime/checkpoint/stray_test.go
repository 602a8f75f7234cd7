package checkpoint

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/trial"
)

// TestStraySlots puts files among the slots of a sound log that are none, under
// all kinds of names. A start names each, believes none, goes on where it would
// have without them, and asks the store for no more than it lists.
func TestStraySlots(t *testing.T) {
	trial.Run(t, 300, func(c *trial.Case) {
		objects := objstore.NewMemory()
		last, id := soundLog(c, objects)
		strays := scatter(c, objects, last)
		c.Describe(func() string { return fmt.Sprintf("behind slot %d stand %q", last, strays) })
		operations := 0
		objects.Inject(func(objstore.Op) objstore.Outcome {
			if operations++; operations > 300 {
				c.Fatalf("%d operations on the store, and no end", operations)
			}
			return objstore.Outcome{}
		})
		owner := takeOver(c.T, objects, 1000)
		next := last + 1
		for slices.ContainsFunc(strays, isSlot(next)) {
			next++ // what stands right behind the log may be another owner's
		}
		if owner.takeover.Number != next {
			c.Errorf("goes on with slot %d instead of %d", owner.takeover.Number, next)
		}
		if (owner.decided == nil) != (id == 0) || owner.decided != nil && owner.decided.Checkpoint != id {
			c.Errorf("goes on from %+v instead of checkpoint %d", owner.decided, id)
		}
		for _, name := range strays {
			named := func(w error) bool { return strings.Contains(w.Error(), strings.TrimSuffix(name, copySuffix)) }
			if !slices.ContainsFunc(owner.Warnings, named) {
				c.Errorf("%s is not among the warnings %v", name, owner.Warnings)
			}
		}
		if !slices.ContainsFunc(strays, isSlot(next+1)) {
			decide(c.T, owner, owner.takeover.Checkpoint+1)
		}
	})
}

// isSlot returns what tells the names of a slot.
func isSlot(number uint64) func(name string) bool {
	return func(name string) bool { return strings.TrimSuffix(name, copySuffix) == slotName(number) }
}
