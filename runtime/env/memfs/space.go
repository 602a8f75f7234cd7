package memfs

import "errors"

// Limit makes the disk so many bytes large: a write for which there is no room writes what
// there is room for, and fails with syscall.ENOSPC. 0, the default, is without end.
func (f *FS) Limit(total int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.total = total
}

// Space returns what the disk has left and its size. One without end cannot tell.
func (f *FS) Space(dir string) (free, total int64, err error) {
	err = f.do(Op{Kind: Space, Name: dir}, func() error {
		if _, err := f.find(dir); err != nil {
			return err
		}
		if f.total == 0 {
			return errors.ErrUnsupported
		}
		free, total = f.free(), f.total
		return nil
	})
	return free, total, err
}

// free returns what no file takes. Only what has a name counts. REQUIRES: f.mu.
func (f *FS) free() int64 {
	if f.total == 0 {
		return 0
	}
	files := map[*node]bool{}
	used(f.root, files)
	free := f.total
	for n := range files {
		free -= int64(len(n.data))
	}
	return max(free, 0)
}

// used finds the files below a directory, each once.
func used(dir *node, files map[*node]bool) {
	for _, n := range dir.names {
		if n.isDir {
			used(n, files)
		} else {
			files[n] = true
		}
	}
}
