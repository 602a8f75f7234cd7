package env

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"sync"
)

// Random is where the jobs of a process have their random numbers from. It is safe for
// concurrent use; the sources that it gives are not.
type Random struct {
	seed [4]uint64
	mu   sync.Mutex
	gave map[string]uint64 // how many sources, by name
}

// NewRandom returns a Random whose seed is drawn from a source.
func NewRandom(from *rand.Rand) *Random {
	r := &Random{gave: map[string]uint64{}}
	for i := range r.seed {
		r.seed[i] = from.Uint64()
	}
	return r
}

// Of returns a source of its own for a job. The first of a name, the second and so on
// differ, as a job may be started again; each follows from the seed, the name and its
// number alone, whatever other jobs do.
func (r *Random) Of(job string) *rand.Rand {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := r.gave[job]
	r.gave[job]++
	return rand.New(rand.NewChaCha8(sha256.Sum256(fmt.Appendf(nil, "%x %d %s", r.seed, n, job))))
}
