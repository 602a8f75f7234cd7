package env_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/weirstream/weir/runtime/env"
)

// TestRandomOfJobs: what a job draws does not depend on when others start and what they draw;
// no two starts draw the same.
func TestRandomOfJobs(t *testing.T) {
	const jobs, starts = 8, 3
	draw := func(together bool) []string {
		random := env.NewRandom(rand.New(rand.NewPCG(1, 2)))
		var drawn [jobs]string
		start := func(job int) {
			for range starts {
				source := random.Of(fmt.Sprint("job ", job))
				drawn[job] += fmt.Sprintln(source.Uint64(), source.Uint64())
			}
		}
		var running sync.WaitGroup
		for job := range jobs {
			if together {
				running.Go(func() { start(job) })
			} else {
				start(jobs - 1 - job)
			}
		}
		running.Wait()
		return drawn[:]
	}
	alone, together := draw(false), draw(true)
	if !slices.Equal(alone, together) {
		t.Errorf("one after the other jobs draw\n%s\nand side by side\n%s", alone, together)
	}
	all := map[string]bool{}
	for _, d := range alone {
		for i := range d {
			if i == 0 || d[i-1] == '\n' {
				all[d[i:i+10]] = true
			}
		}
	}
	if len(all) != jobs*starts {
		t.Errorf("%d starts have %d beginnings", jobs*starts, len(all))
	}
}
