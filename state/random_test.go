package state_test

import (
	"testing"

	"github.com/weirstream/weir/runtime/trial"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/statetest"
)

func TestRandomOperationsEqualModel(t *testing.T) {
	trial.Run(t, 16, func(c *trial.Case) {
		state.SetEncoding(c, 1<<(8+c.Random.IntN(18)), 1<<(4+c.Random.IntN(13)))
		state.SetGraves(c, 1<<c.Random.IntN(20))
		statetest.Random(c, c.Seed, 200, state.Restore)
	})
}
