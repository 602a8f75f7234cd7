package badger

import (
	"errors"
	"io/fs"
	"path/filepath"
)

// Usage is what a store takes.
type Usage struct {
	Disk      int64 // bytes that its files take on the disk
	Written   int64 // bytes in its databases, as the store counts them
	Live      int64 // of these, what runs have that were not dropped
	Databases int
	// Memory is the most that its databases take of the heap. What the memory maps of their
	// files have in memory is not in it: it is page cache, but counts as the process's own.
	Memory int64
}

// Usage returns what the store takes now.
func (s *Store) Usage() (Usage, error) {
	var u Usage
	s.mu.Lock()
	for _, d := range s.mu.databases {
		u.Databases++
		u.Written += d.bytes
		u.Live += d.live
		if d.files == nil {
			u.Memory += s.options.MemTable * 13 / 10
		}
	}
	if s.mu.current != nil {
		u.Memory += 2 * s.options.MemTable * 13 / 10 // tables that are being written
	}
	s.mu.Unlock()
	err := filepath.WalkDir(s.dir, func(_ string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			var info fs.FileInfo
			if info, err = e.Info(); err == nil {
				u.Disk += onDisk(info)
			}
		}
		if errors.Is(err, fs.ErrNotExist) { // deleted meanwhile
			return nil
		}
		return err
	})
	return u, err
}
