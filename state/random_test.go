package state_test

import (
	"flag"
	"testing"

	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/statetest"
)

var seed = flag.Uint64("seed", 0, "the only seed for the random operations, or 0 for the usual ones")

func TestRandomOperationsEqualModel(t *testing.T) {
	if *seed != 0 {
		statetest.Random(t, *seed, 300, state.Restore)
		return
	}
	for seed := range uint64(16) {
		statetest.Random(t, seed+1, 200, state.Restore)
	}
}
