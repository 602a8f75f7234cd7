package memfs

import (
	"io/fs"

	"github.com/weirstream/weir/runtime/env"
)

// Append opens a file for appending and reading, and makes it where it is missing.
func (f *FS) Append(name string) (env.AppendFile, error) {
	var opened *file
	err := f.do(Op{Kind: Append, Name: name}, func() error {
		dir, base, err := f.parent(name)
		if err != nil {
			return err
		}
		n := dir.names[base]
		if n == nil {
			n = &node{}
			f.set(dir, base, n, nil)
		}
		opened = &file{fs: f, name: name, node: n, writable: true}
		n.appended = true
		return opened.check("open", true)
	})
	if err != nil {
		return nil, err
	}
	return appendFile{opened}, nil
}

// appendFile is a file that Append has opened. It has no offset to read on from.
type appendFile struct{ f *file }

func (a appendFile) Write(p []byte) (int, error)                { return a.f.Write(p) }
func (a appendFile) ReadAt(p []byte, offset int64) (int, error) { return a.f.ReadAt(p, offset) }
func (a appendFile) Sync() error                                { return a.f.Sync() }
func (a appendFile) Close() error                               { return a.f.Close() }

// Size returns how long the file is now.
func (a appendFile) Size() (size int64, err error) {
	err = a.f.fs.do(Op{Kind: Size, Name: a.f.name}, func() error {
		size = int64(len(a.f.node.data))
		return a.f.check("size", false)
	})
	return size, err
}

// Truncate shortens the file. What it takes away may be back after a power cut, until the
// next Sync.
func (a appendFile) Truncate(size int64) error {
	return a.f.fs.do(Op{Kind: Truncate, Name: a.f.name, Bytes: int(size)}, func() error {
		if err := a.f.check("truncate", true); err != nil {
			return err
		}
		n, length := a.f.node, int(size)
		if length < 0 || length > len(n.data) {
			return &fs.PathError{Op: "truncate", Path: a.f.name, Err: fs.ErrInvalid}
		}
		if length < len(n.data) {
			n.cut = append(n.cut, n.content)
			n.data, n.synced = n.data[:length:length], min(n.synced, length)
		}
		return nil
	})
}
