package memfs

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"syscall"
)

// file is an open file.
type file struct {
	fs       *FS
	name     string
	node     *node
	writable bool
	closed   bool
	offset   int64
}

// Read reads on from the file's offset.
func (f *file) Read(p []byte) (int, error) {
	n, err := f.ReadAt(p, f.offset)
	f.offset += int64(n)
	if n > 0 && err == io.EOF {
		err = nil
	}
	return n, err
}

// ReadAt reads from a given offset; with io.EOF where the file ends before p does.
func (f *file) ReadAt(p []byte, offset int64) (n int, err error) {
	if len(p) == 0 {
		return 0, nil
	}
	err = f.fs.do(Op{Kind: Read, Name: f.name}, func() error {
		if err := f.check("read", false); err != nil {
			return err
		}
		if f.node.isDir {
			return &fs.PathError{Op: "read", Path: f.name, Err: syscall.EISDIR}
		}
		if offset >= int64(len(f.node.data)) {
			return io.EOF
		}
		if n = copy(p, f.node.data[offset:]); n < len(p) {
			return io.EOF
		}
		return nil
	})
	return n, err
}

// Seek moves the offset of the next Read.
func (f *file) Seek(offset int64, whence int) (int64, error) {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	switch whence {
	case io.SeekCurrent:
		offset += f.offset
	case io.SeekEnd:
		offset += int64(len(f.node.data))
	}
	if offset < 0 {
		return f.offset, &fs.PathError{Op: "seek", Path: f.name, Err: fs.ErrInvalid}
	}
	f.offset = offset
	return offset, nil
}

// Write appends to the file.
func (f *file) Write(p []byte) (n int, err error) {
	op := Op{Kind: Write, Name: f.name, Bytes: len(p)}
	err = f.fs.do(op, func() error {
		if err := f.check("write", true); err != nil {
			return err
		}
		n, err = f.grow(p)
		return err
	})
	var short *shortWrite
	if errors.As(err, &short) {
		return f.writeSome(p, short)
	}
	return n, err
}

// writeSome writes the part of p that a failing write still brings to the file.
func (f *file) writeSome(p []byte, short *shortWrite) (int, error) {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	if err := f.check("write", true); err != nil {
		return 0, err
	}
	n, err := f.grow(p[:min(short.written, len(p))])
	return n, cmp.Or(err, short.err)
}

// grow appends what the disk has room for. REQUIRES: f.fs.mu.
func (f *file) grow(p []byte) (n int, err error) {
	n = len(p)
	if free := f.fs.free(); f.fs.total > 0 && int64(n) > free {
		n, err = int(free), &fs.PathError{Op: "write", Path: f.name, Err: syscall.ENOSPC}
	}
	f.node.data = append(f.node.data, p[:n]...)
	return n, err
}

// Sync makes what was written durable.
func (f *file) Sync() error {
	return f.fs.do(Op{Kind: Sync, Name: f.name}, func() error {
		if err := f.check("sync", false); err != nil {
			return err
		}
		f.node.synced, f.node.cut = len(f.node.data), nil
		return nil
	})
}

// Close ends the use of the file; it makes nothing durable.
func (f *file) Close() error {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	if f.closed {
		return &fs.PathError{Op: "close", Path: f.name, Err: fs.ErrClosed}
	}
	f.closed = true
	return nil
}

// check says why the file cannot be read or written. REQUIRES: f.fs.mu.
func (f *file) check(op string, write bool) error {
	switch {
	case f.closed:
		return &fs.PathError{Op: op, Path: f.name, Err: fs.ErrClosed}
	case f.node.isDir:
		return &fs.PathError{Op: op, Path: f.name, Err: syscall.EISDIR}
	case write && !f.writable:
		return &fs.PathError{Op: op, Path: f.name, Err: fs.ErrPermission}
	}
	return nil
}
