package main

import (
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/weirstream/weir/state/runs"
)

const (
	chunkBytes = 4096
	runChunks  = 16 << 10 // 64 MiB
	runCount   = 16       // 1 GiB
	readCount  = 200_000
	readBatch  = 1024
)

// bench is a store that is being measured.
type bench struct {
	store  runs.ChunkStore
	random *rand.Rand
	words  []byte
	disk   func() (int64, error)
}

func measure(dir, name string, memTable int64) error {
	b := &bench{random: rand.New(rand.NewPCG(1, 1)), words: make([]byte, 1<<20)}
	for i := range b.words {
		b.words[i] = byte(b.random.Uint32())
	}
	end, err := b.open(dir, name, memTable)
	if err != nil {
		return err
	}
	fmt.Printf("%s\n", name)
	if err := b.write(0); err != nil {
		return err
	}
	for _, batch := range []int{1, readBatch} {
		if err := b.read(batch); err != nil {
			return err
		}
	}
	fmt.Printf("  memory: %s\n", memory())
	if err := b.generations(); err != nil {
		return err
	}
	return end()
}

// write writes the runs of a generation.
func (b *bench) write(generation int) error {
	used := begin()
	for i := range runCount {
		if err := b.writeRun(runs.ID(generation*runCount + i)); err != nil {
			return err
		}
	}
	if generation > 0 {
		return nil
	}
	wall, cpu := used()
	n := runCount * runChunks
	fmt.Printf("  write: %.0f MB/s, %.2f µs of CPU a chunk\n", float64(n*chunkBytes)/1e6/wall.Seconds(), micros(cpu, n))
	return nil
}

func (b *bench) writeRun(id runs.ID) error {
	w, err := b.store.Create(id)
	if err != nil {
		return err
	}
	for i := range runChunks {
		at := int(uint64(id)*7919+uint64(i)*4099) % (len(b.words) - chunkBytes)
		content := b.words[at : at+chunkBytes]
		c := runs.Chunk{Number: i, Offset: int64(i) * chunkBytes, Length: chunkBytes}
		if err := w.WriteChunk(c, content); err != nil {
			return err
		}
	}
	return w.Close()
}

// read reads chunks at random, sorted within a batch, and checks them as a reader does.
func (b *bench) read(batch int) error {
	var readers [runCount]runs.RunReader
	for i := range readers {
		r, err := b.store.Open(runs.ID(i))
		if err != nil {
			return err
		}
		defer r.Close()
		readers[i] = r
	}
	table, buffer := crc32.MakeTable(crc32.Castagnoli), make([]byte, chunkBytes)
	places, took := make([]int, batch), make([]time.Duration, 0, readCount)
	used := begin()
	for range readCount / batch {
		for i := range places {
			places[i] = b.random.IntN(runCount * runChunks)
		}
		slices.Sort(places)
		for _, at := range places {
			start := time.Now()
			n := at % runChunks
			content, err := readers[at/runChunks].ReadChunk(runs.Chunk{Number: n, Offset: int64(n) * chunkBytes, Length: chunkBytes}, buffer)
			if err != nil {
				return err
			}
			crc32.Checksum(content, table)
			took = append(took, time.Since(start))
		}
	}
	_, cpu := used()
	slices.Sort(took)
	fmt.Printf("  read, batches of %d: %.2f µs of CPU a chunk, median %v, 99th percentile %v\n",
		batch, micros(cpu, len(took)), took[len(took)/2], took[len(took)*99/100])
	return nil
}

// generations replaces all runs, one after the other, ten times.
func (b *bench) generations() error {
	watched, err := b.watch()
	if err != nil {
		return err
	}
	var most int64
	used := begin()
	for generation := 1; generation <= 10; generation++ {
		for i := range runCount {
			id := runs.ID(generation*runCount + i)
			if err := b.writeRun(id); err != nil {
				return err
			}
			if err := b.store.Drop(id - runCount); err != nil {
				return err
			}
			disk, err := b.disk()
			if err != nil {
				return err
			}
			most = max(most, disk)
		}
	}
	wall, cpu := used()
	stalls, err := watched()
	if err != nil {
		return err
	}
	disk, err := b.disk()
	written := float64(10 * runCount * runChunks * chunkBytes)
	live := float64((runCount + 1) * runChunks * chunkBytes)
	fmt.Printf("  ten generations: %.0f MB/s, %.2f µs of CPU a chunk; disk %.2f × live, at most %.2f\n  a reader beside that: %s\n",
		written/1e6/wall.Seconds(), micros(cpu, 10*runCount*runChunks), float64(disk)/live, float64(most)/live, stalls)
	fmt.Printf("  memory: %s\n", memory())
	return err
}

// begin returns a function that tells how much time has passed, and how much of the CPU's.
func begin() func() (wall, cpu time.Duration) {
	start, before := time.Now(), processor()
	return func() (time.Duration, time.Duration) { return time.Since(start), processor() - before }
}

func processor() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func micros(d time.Duration, n int) float64 { return float64(d.Nanoseconds()) / 1e3 / float64(n) }

// memory returns what the process has: its own, that of mapped files, the most of both.
func memory() string {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return err.Error()
	}
	var found []string
	for line := range strings.Lines(string(status)) {
		for _, name := range []string{"RssAnon", "RssFile", "VmHWM"} {
			if strings.HasPrefix(line, name) {
				found = append(found, strings.Join(strings.Fields(line), " "))
			}
		}
	}
	return strings.Join(found, ", ")
}
