package jobtest

import (
	"errors"
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

// errFull is why a disk has no room.
var errFull = errors.New("the disk is full")

// room draws how often the disk of checkpoints has no room: mostly never. Half of the questions
// about it that follow have the same answer.
func room(random *rand.Rand) *master.Room {
	if random.IntN(4) > 0 {
		return nil
	}
	often, full := 100+random.IntN(1000), false
	return master.NewRoom(func(int64) error {
		if full = full && random.IntN(2) == 0 || random.IntN(often) == 0; full {
			return errFull
		}
		return nil
	})
}

// tier draws where rows of state go, and from how few of them on: from none to as good as
// never.
func tier(random *rand.Rand) *state.Tier {
	if random.IntN(3) == 0 {
		return nil
	}
	return state.NewTier(runs.NewMemory(), 1<<random.IntN(18))
}
