package state_test

import (
	"fmt"
	"math/rand/v2"
	"os"

	"github.com/weirstream/weir/runtime/env/diskspace"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/trial"
	"github.com/weirstream/weir/state/badger"
	"github.com/weirstream/weir/state/runs"
)

// stores makes the stores of a case, all of one kind: in memory, in files or, now and then, in
// Badger. The kind follows from the seed and takes nothing of what else the case draws.
type stores struct {
	*trial.Case
	kind  int
	dir   string // of databases
	files *memfs.FS
	made  int
}

func drawStores(c *trial.Case) *stores {
	s := &stores{Case: c, kind: rand.New(rand.NewPCG(c.Seed, 0)).IntN(12), files: memfs.New()}
	if s.kind == 0 {
		s.dir = folder(c)
	}
	return s
}

// new returns a store that is empty, and what ends it when all its runs were dropped.
func (s *stores) new() (store runs.ChunkStore, end func()) {
	s.made++
	switch {
	case s.kind == 0:
		b, _, err := badger.Open(fmt.Sprint(s.dir, "/", s.made), "", badger.Options{MemTable: 2 << 20, Database: 1 << 20})
		if err != nil {
			s.Fatal(err)
		}
		return b, func() {
			if err := b.Close(""); err != nil {
				s.Error(err)
			}
		}
	case s.kind < 5:
		f, err := runs.OpenFiles(s.files, fmt.Sprint("rows", s.made))
		if err != nil {
			s.Fatal(err)
		}
		return f, func() {}
	}
	return runs.NewMemory(), func() {}
}

// folder returns an empty folder, in memory where there is enough of that.
func folder(c *trial.Case) string {
	const memory = "/dev/shm"
	if free, err := diskspace.Free(memory); err != nil || free < 1<<30 {
		return c.TempDir()
	}
	dir, err := os.MkdirTemp(memory, "weir-state-")
	if err != nil {
		c.Fatal(err)
	}
	c.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			c.Error(err)
		}
	})
	return dir
}
