package env

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/weirstream/weir/runtime/env/diskspace"
)

// OS is the file system of the operating system.
type OS struct{}

var _ FS = OS{}

// Open implements FS.
func (OS) Open(name string) (File, error) { return openFile(name) }

// CheckRegular implements what the function of that name asks for.
func (OS) CheckRegular(name string) error {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return err
	case info.IsDir():
		return &fs.PathError{Op: "open", Path: name, Err: syscall.EISDIR}
	case !info.Mode().IsRegular():
		return &fs.PathError{Op: "open", Path: name, Err: ErrNotRegular}
	}
	return nil
}

// Create implements FS.
func (OS) Create(name string) (File, error) {
	return os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
}

// Append implements FS.
func (OS) Append(name string) (AppendFile, error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return nil, err
	}
	return appendFile{f}, nil
}

// Link implements FS.
func (OS) Link(from, to string) error { return os.Link(from, to) }

// Rename implements FS.
func (OS) Rename(from, to string) error { return os.Rename(from, to) }

// Remove implements FS.
func (OS) Remove(name string) error { return os.Remove(name) }

// MkdirAll implements FS.
func (OS) MkdirAll(name string) error { return os.MkdirAll(name, 0o755) }

// ReadDir implements FS.
func (OS) ReadDir(name string) ([]string, error) {
	entries, err := os.ReadDir(name)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
		if e.IsDir() {
			names[i] += "/"
		}
	}
	return names, nil
}

// Size implements FS.
func (OS) Size(name string) (int64, error) {
	info, err := os.Stat(name)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// SyncDir implements FS.
func (OS) SyncDir(name string) error {
	d, err := os.Open(filepath.Clean(name))
	if err != nil {
		return err
	}
	err = d.Sync()
	if closeErr := d.Close(); err == nil {
		err = closeErr
	}
	return err
}

// Lock implements FS.
func (OS) Lock(dir string) (io.Closer, error) {
	f, err := os.OpenFile(filepath.Join(dir, LockName), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	if err := lockFile(f, dir); err != nil {
		_ = f.Close() // there is nothing in it
		return nil, err
	}
	return f, nil
}

// Space implements FS.
func (OS) Space(dir string) (free, total int64, err error) { return diskspace.Space(dir) }

// appendFile is a file of the operating system, each write to which goes to its end.
type appendFile struct{ *os.File }

// Size implements AppendFile.
func (f appendFile) Size() (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// Truncate implements AppendFile.
func (f appendFile) Truncate(size int64) error {
	if is, err := f.Size(); err != nil {
		return err
	} else if size < 0 || size > is {
		return &fs.PathError{Op: "truncate", Path: f.Name(), Err: fs.ErrInvalid}
	}
	return f.File.Truncate(size)
}
