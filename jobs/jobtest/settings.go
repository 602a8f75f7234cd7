package jobtest

import (
	"math/rand/v2"
	"time"

	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/runs"
)

// settings draws how a job is run: everything that must not matter.
func settings(random *rand.Rand) master.Options {
	o := master.Options{
		Pool:          record.NewCheckedPool(),
		Parallelism:   1 + random.IntN(4),
		BatchRows:     1 + random.IntN(50),
		Budget:        1 + random.IntN(20),
		BufferTimeout: time.Duration(1+random.IntN(1000)) * time.Microsecond,
		EdgeBytes:     1 + random.IntN(20_000),
	}
	o.Tier = tier(rand.New(rand.NewPCG(uint64(o.EdgeBytes), 0)))
	return o
}

// tier draws where rows of state go, and from how few of them on: from none to as good as
// never.
func tier(random *rand.Rand) *state.Tier {
	if random.IntN(3) == 0 {
		return nil
	}
	return state.NewTier(runs.NewMemory(), 1<<random.IntN(18))
}
