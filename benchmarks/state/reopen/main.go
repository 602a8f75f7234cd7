// Reopen restores state of some GB with memory for a part of it, in a process of its own, and
// prints how long it takes until the first rows are there, and the most memory that it had.
//
//	go run ./benchmarks/state/reopen -gb 4 -memory 268435456
//
// The object is read from the disk first, and then once more from the page cache.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

var (
	gb     = flag.Float64("gb", 4, "how large the state is")
	dir    = flag.String("dir", os.TempDir(), "where to write it")
	memory = flag.Int64("memory", 256<<20, "how much of it may be in memory, in bytes")
	object = flag.String("object", "", "of the process that restores: the object")
)

func main() {
	flag.Parse()
	run := reopen
	if *object != "" {
		run = restore
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "reopen:", err)
		os.Exit(1)
	}
}

func reopen() error {
	folder, err := os.MkdirTemp(*dir, "weir-reopen-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	name := filepath.Join(folder, "object")
	if err := write(name, int64(*gb*1e9)); err != nil {
		return err
	}
	// What is on the disk leaves the page cache.
	forget := exec.Command("dd", "of="+name, "oflag=nocache", "conv=notrunc,fdatasync", "count=0")
	if out, err := forget.CombinedOutput(); err != nil {
		return fmt.Errorf("dd: %w\n%s", err, out)
	}
	for _, from := range []string{"disk", "page cache"} {
		fmt.Printf("from the %s:\n", from)
		again := exec.Command(os.Args[0], "-object", name, "-memory", fmt.Sprint(*memory))
		again.Stdout, again.Stderr = os.Stdout, os.Stderr
		if err := again.Run(); err != nil {
			return err
		}
		fmt.Printf("  most memory: %d MiB\n", again.ProcessState.SysUsage().(*syscall.Rusage).Maxrss>>10)
	}
	return nil
}
