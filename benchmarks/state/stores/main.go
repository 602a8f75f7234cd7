// Stores compares the stores of chunks, each in a process of its own: runs are written,
// read at random, dropped and replaced for ten generations, closed and opened.
//
//	go run ./benchmarks/state/stores
//	go run ./benchmarks/state/stores -dir /mnt/disk -store files
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

func main() {
	dir := flag.String("dir", os.TempDir(), "a folder on the disk to be measured")
	store := flag.String("store", "", "measure only this one, files or badger, in this process")
	memTable := flag.Int64("memtable", 0, "MiB of Badger's table in memory; 0: the default")
	flag.Parse()
	if err := run(*dir, *store, *memTable); err != nil {
		fmt.Fprintln(os.Stderr, "stores:", err)
		os.Exit(1)
	}
}

func run(dir, store string, memTable int64) error {
	if store != "" {
		work, err := os.MkdirTemp(dir, "weir-stores-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(work)
		return measure(filepath.Join(work, "store"), store, memTable<<20)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	for _, store := range []string{"files", "badger"} {
		one := exec.Command(self, "-dir", dir, "-store", store, "-memtable", fmt.Sprint(memTable))
		one.Stdout, one.Stderr = os.Stdout, os.Stderr
		if err := one.Run(); err != nil {
			return err
		}
	}
	return nil
}
