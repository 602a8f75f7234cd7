package jobtest

import (
	"math"
	"math/rand/v2"
	"sync/atomic"
	"testing"

	"github.com/weirstream/weir/runtime/trial"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/runs"
)

// TestOutputWithMemoryForAHundredth runs each job twice under the same settings: with memory for
// all of its state, and for a hundredth of what that took. The rest is in runs, and comes back
// from there.
func TestOutputWithMemoryForAHundredth(t *testing.T) {
	held, came := 0, 0 // cases with any state, and those where rows went down and came back
	whole := trial.Run(t, 100, func(c *trial.Case) {
		s := NewScenario(c.Random, 300)
		c.Describe(func() string { return s.Job })
		seed := c.Random.Uint64()
		run := func(memory int64) (most int64, store *readStore) {
			random, store := rand.New(rand.NewPCG(seed, 0)), &readStore{ChunkStore: runs.NewMemory()}
			o := settings(random)
			o.Tier = state.NewTier(store, memory)
			if err := runSettings(random, s, o); err != nil {
				c.Fatalf("where rows of state may take %d bytes: %v", memory, err)
			}
			return o.Tier.Holding().MostRows, store
		}
		most, store := run(math.MaxInt64 / 2)
		if n := store.made.Load(); n > 0 {
			c.Errorf("all of %d bytes may be in memory, and %d runs were made", most, n)
		}
		if most == 0 {
			return
		}
		held++
		if _, store = run(max(most/100, 1)); store.read.Load() > 0 {
			came++
		}
	})
	if whole && (held < 50 || came < held-held/10) {
		t.Errorf("rows came back from below in %d of %d cases with state", came, held)
	}
}

// readStore counts the runs that are made in a store, and the chunks that are read of them.
type readStore struct {
	runs.ChunkStore
	made, read atomic.Int64
}

func (s *readStore) Create(id runs.ID) (runs.RunWriter, error) {
	s.made.Add(1)
	return s.ChunkStore.Create(id)
}

func (s *readStore) Open(id runs.ID) (runs.RunReader, error) {
	r, err := s.ChunkStore.Open(id)
	return readCounter{r, &s.read}, err
}

type readCounter struct {
	runs.RunReader
	read *atomic.Int64
}

func (r readCounter) ReadChunk(c runs.Chunk, buffer []byte) ([]byte, error) {
	r.read.Add(1)
	return r.RunReader.ReadChunk(c, buffer)
}
