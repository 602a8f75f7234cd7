package jobtest

import (
	"math/rand/v2"
	"time"

	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/record"
)

// settings draws how a job is run: everything that must not matter.
func settings(random *rand.Rand) master.Options {
	return master.Options{
		Pool:          record.NewCheckedPool(),
		Parallelism:   1 + random.IntN(4),
		BatchRows:     1 + random.IntN(50),
		Budget:        1 + random.IntN(20),
		BufferTimeout: time.Duration(1+random.IntN(1000)) * time.Microsecond,
		EdgeBytes:     1 + random.IntN(20_000),
	}
}
