package main

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/weirstream/weir/state/runs"
)

const (
	coldReads = 8_000
	depth     = 16 // goroutines that read
)

// cold reads chunks at random that are not in the page cache.
func cold(store runs.ChunkStore, dir string) error {
	if err := forget(dir); err != nil {
		fmt.Printf("  without page cache: not measured: %v\n", err)
		return nil
	}
	before := diskBytes()
	start := time.Now()
	var workers sync.WaitGroup
	failed := make(chan error, depth)
	for worker := range depth {
		workers.Go(func() { failed <- coldWorker(store, uint64(worker)) })
	}
	workers.Wait()
	for range depth {
		if err := <-failed; err != nil {
			return err
		}
	}
	fmt.Printf("  without page cache, %d at once: %.0f chunks/s, %.1f KiB read for each\n",
		depth, coldReads/time.Since(start).Seconds(), float64(diskBytes()-before)/coldReads/1024)
	return nil
}

func coldWorker(store runs.ChunkStore, seed uint64) error {
	random, buffer := rand.New(rand.NewPCG(3, seed)), make([]byte, chunkBytes)
	for range coldReads / depth {
		r, err := store.Open(runs.ID(10*runCount + random.IntN(runCount))) // of the last generation
		if err != nil {
			return err
		}
		n := random.IntN(runChunks)
		_, err = r.ReadChunk(runs.Chunk{Number: n, Offset: int64(n) * chunkBytes, Length: chunkBytes}, buffer)
		if err != nil {
			return err
		}
		if err := r.Close(); err != nil {
			return err
		}
	}
	return nil
}

// forget takes files out of the page cache, which GNU's dd can.
func forget(dir string) error {
	return filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		out, err := exec.Command("dd", "of="+name, "oflag=nocache", "conv=notrunc,fdatasync", "count=0").CombinedOutput()
		if err != nil {
			return fmt.Errorf("dd: %w: %s", err, out)
		}
		return nil
	})
}

// diskBytes returns what the process has had read from disks.
func diskBytes() (bytes int64) {
	content, err := os.ReadFile("/proc/self/io")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(content)) {
		if n, err := fmt.Sscanf(line, "read_bytes: %d", &bytes); err == nil && n == 1 {
			return bytes
		}
	}
	return 0
}
