package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"runtime/pprof"
	"strings"
	"syscall"
	"time"
)

// begin returns a function that tells how much time has passed, and how much of the CPU's in
// the whole process: the collector's, and that of whatever works beside the caller, too.
func begin() func() (wall, cpu time.Duration) {
	start, before := time.Now(), processor(syscall.RUSAGE_SELF)
	return func() (time.Duration, time.Duration) {
		return time.Since(start), processor(syscall.RUSAGE_SELF) - before
	}
}

// ofThread is the rusage of the calling thread (getrusage(2)).
const ofThread = 1

func processor(who int) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(who, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// rate draws rows a second.
func rate(rows int, d time.Duration) string {
	perSecond := float64(rows) / d.Seconds()
	if perSecond >= 1e6 {
		return fmt.Sprintf("%.2f M", perSecond/1e6)
	}
	return fmt.Sprintf("%.0f k", perSecond/1e3)
}

func mebi(bytes int64) string { return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20)) }

// number reads a number of a file of /proc/self, or returns 0.
func number(file, name string) (n int64) {
	content, err := os.ReadFile("/proc/self/" + file)
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(content)) {
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
			_, _ = fmt.Sscan(rest, &n)
		}
	}
	return n
}

// limit has the process take so much memory, as a job does that says so, unless GOMEMLIMIT
// is set, and begins to watch the most that it has.
func limit(memory int64) error {
	debug.FreeOSMemory()
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memory)
	}
	return os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
}

// printMemory prints the most memory that the process has had beside what it may have.
func printMemory(memory int64) {
	fmt.Printf("  memory: %s at most; goal: ≤ %s = memory + 15 %% + 64 MiB\n",
		mebi(number("status", "VmHWM")<<10), mebi(memory+memory*15/100+64<<20))
}

// onDisk returns what the files of a folder take on the disk.
func onDisk(dir string) (bytes int64) {
	_ = filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return nil // deleted meanwhile
		}
		if info, err := e.Info(); err == nil {
			bytes += info.Sys().(*syscall.Stat_t).Blocks * 512
		}
		return nil
	})
	return bytes
}

// profiled calls do, and writes a CPU profile of it and one of the heap behind it where the
// flags ask for them.
func profiled(file string, do func() error) error {
	if file == "" {
		return do()
	}
	to, err := os.Create(file)
	if err != nil {
		return err
	}
	defer to.Close()
	if err := pprof.StartCPUProfile(to); err != nil {
		return err
	}
	err = do()
	pprof.StopCPUProfile()
	if err != nil {
		return err
	}
	heap, err := os.Create(file + ".heap")
	if err != nil {
		return err
	}
	defer heap.Close()
	return pprof.WriteHeapProfile(heap)
}
