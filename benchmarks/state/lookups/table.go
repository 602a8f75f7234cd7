package main

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"syscall"
	"time"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/state/runs"
)

const (
	batchKeys = 1024
	batches   = 300 // that are looked up with the page cache
)

// table is a run in a file.
type table struct {
	rows   uint64
	file   string
	run    runs.Run
	reader runs.RunReader
	search *runs.Search
	random *rand.Rand
	keys   [batchKeys][17]byte
}

func makeTable(dir string, rows uint64) (*table, error) {
	store, err := runs.OpenFiles(env.OS{}, dir)
	if err != nil {
		return nil, err
	}
	w, err := store.Create(1)
	if err != nil {
		return nil, err
	}
	t := &table{rows: rows, search: runs.NewSearch(runs.Layout{}), random: rand.New(rand.NewPCG(1, 2))}
	t.run = runs.Run{Name: "run 1"}
	if t.run.Meta, err = t.write(w); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	names, err := filepath.Glob(dir + "/*.run")
	if err != nil || len(names) != 1 {
		return nil, fmt.Errorf("the file of the run is one of %q: %w", names, err)
	}
	t.file = names[0]
	t.reader, err = store.Open(1)
	t.run.Chunks = t.reader
	return t, err
}

// write writes rows of 46 bytes.
func (t *table) write(w runs.ChunkWriter) (*runs.Meta, error) {
	b := runs.NewBuilder("run 1", w, runs.Layout{})
	var key [17]byte
	value := make([]byte, 29)
	for n := range t.rows {
		t.put(&key, n)
		if err := b.Put(key[:], value); err != nil {
			return nil, err
		}
	}
	return b.Finish()
}

// put makes key that of row n: hashes ascend, with gaps at random.
func (t *table) put(key *[17]byte, n uint64) {
	step := ^uint64(0) / t.rows
	binary.BigEndian.PutUint64(key[:], (n*step+(n*0x9e3779b97f4a7c15^n>>7)%step)&^1)
	binary.BigEndian.PutUint64(key[9:], n)
}

// lookUp looks up so many batches of keys, all of which the run has, or none.
func (t *table) lookUp(batches int, absent bool) error {
	found := 0
	for range batches {
		t.search.Begin()
		for i := range t.keys {
			t.put(&t.keys[i], t.random.Uint64N(t.rows))
			if absent {
				t.keys[i][7] |= 1
			}
			t.search.Add(t.keys[i][:], int32(i))
		}
		t.search.Sort()
		err := t.search.In(t.run, func(int32, []byte, []byte) error { found++; return nil })
		if err != nil {
			return err
		}
	}
	if !absent && found < batches*batchKeys*9/10 || absent && found > 0 {
		return fmt.Errorf("%d of %d keys are found", found, batches*batchKeys)
	}
	return nil
}

// cached looks keys up that the page cache has.
func (t *table) cached(absent bool) error {
	before := processor()
	if err := t.lookUp(batches, absent); err != nil {
		return err
	}
	what := "present"
	if absent {
		what = "absent"
	}
	each := float64((processor() - before).Nanoseconds()) / 1e3 / (batches * batchKeys)
	fmt.Printf("with page cache: %.2f µs of CPU a key that is %s\n", each, what)
	return nil
}

func processor() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
