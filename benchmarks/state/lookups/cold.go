package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

const (
	coldReads = 8 * batchKeys
	depth     = 16 // goroutines of the probe
	pageBytes = 4096
)

// withoutCache measures something that reads the disk coldReads times, and returns how often
// it does so in a second.
func (t *table) withoutCache(name string, work func() error) (float64, error) {
	// GNU's dd can take a file out of the page cache.
	out, err := exec.Command("dd", "of="+t.file, "oflag=nocache", "conv=notrunc,fdatasync", "count=0").CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("dd: %w: %s", err, out)
	}
	read, used, start := diskBytes(), processor(), time.Now()
	if err := work(); err != nil {
		return 0, err
	}
	each := coldReads / time.Since(start).Seconds()
	fmt.Printf("  %s: %.0f/s, %.1f KiB read and %.1f µs of CPU for each\n", name, each,
		float64(diskBytes()-read)/coldReads/1024, float64((processor()-used).Nanoseconds())/1e3/coldReads)
	return each, nil
}

// probe reads pages of the file at random, depth at once.
func (t *table) probe() error {
	file, err := os.Open(t.file)
	if err != nil {
		return err
	}
	var readers sync.WaitGroup
	failed := make([]error, depth)
	pages := t.run.Meta.Bytes() / pageBytes
	for i := range failed {
		seed := t.random.Uint64()
		readers.Go(func() {
			random, buffer := rand.New(rand.NewPCG(3, seed)), make([]byte, pageBytes)
			for range coldReads / depth {
				if _, err := file.ReadAt(buffer, random.Int64N(pages)*pageBytes); err != nil {
					failed[i] = err
				}
			}
		})
	}
	readers.Wait()
	return errors.Join(append(failed, file.Close())...)
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
