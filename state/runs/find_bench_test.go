package runs_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/state/runs"
)

// BenchmarkFind looks batches of 1,024 keys up in a run of so many rows of 46 bytes, in a
// file that the page cache has: such as the run holds, and others.
func BenchmarkFind(b *testing.B) {
	for _, rows := range []uint64{1e6, 10e6} {
		run := spread(b, rows)
		for _, absent := range []bool{false, true} {
			b.Run(fmt.Sprintf("rows=%d/absent=%v", rows, absent), func(b *testing.B) {
				benchmarkFind(b, run, rows, absent)
			})
		}
	}
}

// spread is a run of hashes at random, whose sub-keys are the lowest bytes of a number.
func spread(b *testing.B, rows uint64) runs.Run {
	b.Helper()
	s := openFiles(b, env.OS{}, b.TempDir())
	w, err := s.Create(1)
	must(b, err)
	to := runs.NewBuilder("a run", w, runs.Layout{})
	key, value := make([]byte, 17), make([]byte, 29)
	for n := range rows {
		putSpread(key, n, rows)
		must(b, to.Put(key, value))
	}
	meta, err := to.Finish()
	must(b, err)
	must(b, w.Close())
	r, err := s.Open(1)
	must(b, err)
	b.Cleanup(func() { must(b, r.Close()) })
	return runs.Run{Name: "a run", Meta: meta, Chunks: r}
}

// putSpread makes key that of row n of so many: their hashes ascend, with gaps at random.
func putSpread(key []byte, n, rows uint64) {
	step := ^uint64(0) / rows
	noise := (n*0x9e3779b97f4a7c15 ^ n>>7) % step
	binary.BigEndian.PutUint64(key, (n*step+noise)&^1)
	binary.BigEndian.PutUint64(key[9:], n)
}

func benchmarkFind(b *testing.B, run runs.Run, rows uint64, absent bool) {
	random := rand.New(rand.NewPCG(1, 2))
	keys := make([][]byte, 1024)
	for i := range keys {
		keys[i] = make([]byte, 17)
	}
	s, found, n := runs.NewSearch(runs.Layout{}), 0, 0
	count := func(int32, []byte, []byte) error { found++; return nil }
	var cpu time.Duration
	for b.Loop() {
		b.StopTimer()
		for i := range keys {
			putSpread(keys[i], random.Uint64N(rows), rows)
			if absent {
				keys[i][7] |= 1
			}
		}
		s.Begin()
		for i, key := range keys {
			s.Add(key, int32(i))
		}
		s.Sort()
		b.StartTimer()
		before := processor(b)
		must(b, s.In(run, count))
		cpu += processor(b) - before
		n += len(keys)
	}
	if !absent && found != n || absent && found > 0 {
		b.Errorf("%d of %d keys are found", found, n)
	}
	b.ReportMetric(float64(cpu.Nanoseconds())/float64(n), "CPU-ns/key")
}

// processor returns how long the processor has worked for the process.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	must(b, syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
