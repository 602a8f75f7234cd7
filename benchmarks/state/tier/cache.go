package main

import (
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// withoutCache calls do while the page cache loses the files of a folder a hundred times a
// second: what is read is mostly not there, also of files that are written meanwhile. So no
// privilege is needed, as it were to empty the page cache, or to have little of it.
func withoutCache(dir string, do func() error) error {
	stop, stopped := make(chan struct{}), make(chan struct{})
	forget(dir)
	go func() {
		defer close(stopped)
		for tick := time.NewTicker(10 * time.Millisecond); ; {
			select {
			case <-tick.C:
				forget(dir)
			case <-stop:
				tick.Stop()
				return
			}
		}
	}()
	defer func() { close(stop); <-stopped }()
	return do()
}

// forget takes files out of the page cache, as far as the disk has them.
func forget(dir string) {
	const dontNeed = 4 // POSIX_FADV_DONTNEED (posix_fadvise(2))
	_ = filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return nil // deleted meanwhile
		}
		if file, err := os.Open(name); err == nil {
			_, _, _ = syscall.Syscall6(syscall.SYS_FADVISE64, file.Fd(), 0, 0, dontNeed, 0, 0)
			_ = file.Close()
		}
		return nil
	})
}

// reads is what was read in a while.
type reads struct {
	calls, bytes int64 // bytes that came from disk
	took         time.Duration
}

func (r reads) perSecond() float64 { return float64(r.calls) / r.took.Seconds() }

// kibi returns how much of the disk a call has read.
func (r reads) kibi() float64 { return float64(r.bytes) / float64(max(r.calls, 1)) / 1024 }

// countReads returns a function that tells what the process has read since.
func countReads() func() reads {
	began, calls, bytes := time.Now(), number("io", "syscr"), number("io", "read_bytes")
	return func() reads {
		return reads{number("io", "syscr") - calls, number("io", "read_bytes") - bytes, time.Since(began)}
	}
}

const (
	pageBytes  = 4096
	probeDepth = 16 // goroutines that read
	probeTime  = 3 * time.Second
)

// probe reads pages at random of the file, as many at once as the disk is to be tried with.
func probe(name string) (reads, error) {
	file, err := os.Open(name)
	if err != nil {
		return reads{}, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return reads{}, err
	}
	var workers sync.WaitGroup
	var failed atomic.Pointer[error]
	counted := countReads()
	began := time.Now()
	for worker := range probeDepth {
		workers.Go(func() {
			random, buffer := rand.New(rand.NewPCG(4, uint64(worker))), make([]byte, pageBytes)
			for time.Since(began) < probeTime {
				if _, err := file.ReadAt(buffer, pageBytes*random.Int64N(info.Size()/pageBytes)); err != nil {
					failed.Store(&err)
					return
				}
			}
		})
	}
	workers.Wait()
	if err := failed.Load(); err != nil {
		return reads{}, *err
	}
	return counted(), nil
}

// probeFile writes a file to be probed.
func probeFile(dir string, bytes int64) (name string, err error) {
	file, err := os.CreateTemp(dir, "probe-")
	if err != nil {
		return "", err
	}
	defer file.Close()
	words, random := make([]byte, 1<<20), rand.NewChaCha8([32]byte{})
	for range max(1, bytes>>20) {
		_, _ = random.Read(words)
		if _, err := file.Write(words); err != nil {
			return "", err
		}
	}
	return file.Name(), file.Sync()
}
