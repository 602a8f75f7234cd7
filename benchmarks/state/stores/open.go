package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"syscall"
	"time"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/state/badger"
	"github.com/weirstream/weir/state/runs"
)

// open opens the store, and returns what ends the measurement.
func (b *bench) open(dir, name string, memTable int64) (end func() error, err error) {
	b.disk = func() (int64, error) { return onDisk(dir) }
	switch name {
	case "files":
		b.store, err = runs.OpenFiles(env.OS{}, dir)
		return func() error { return cold(b.store, dir) }, err
	case "badger":
		s, _, err := badger.Open(dir, "", badger.Options{MemTable: memTable})
		b.store = s
		return func() error { return again(s, dir, memTable) }, err
	}
	return nil, fmt.Errorf("there is no store %q: it is files or badger", name)
}

// again closes a store and opens it.
func again(s *badger.Store, dir string, memTable int64) error {
	u, err := s.Usage()
	if err != nil {
		return err
	}
	start := time.Now()
	if err := s.Close("a checkpoint"); err != nil {
		return err
	}
	closed := time.Since(start)
	start = time.Now()
	s, found, err := badger.Open(dir, "a checkpoint", badger.Options{MemTable: memTable})
	if err != nil {
		return err
	}
	fmt.Printf("  closed in %v, opened in %v: %s\n  %+v\n  complaints: %q\n", closed, time.Since(start), found.State, u, s.Complaints())
	return errors.Join(cold(s, dir), s.Close(""))
}

func onDisk(dir string) (bytes int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return nil // deleted meanwhile
		}
		if info, err := e.Info(); err == nil {
			bytes += info.Sys().(*syscall.Stat_t).Blocks * 512
		}
		return nil
	})
	return bytes, err
}
