package env

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// FS is the part of a file system that weir uses, with the durability of POSIX:
// what a file holds survives a crash after its Sync, that a name exists (or no
// longer does) after the SyncDir of its directory.
//
// Names are slash-separated and absolute or relative to the working directory.
// Errors can be told apart by [fs.ErrNotExist] and [fs.ErrExist].
type FS interface {
	// Open opens a file for reading.
	Open(name string) (File, error)
	// Create makes a file for writing; it fails with fs.ErrExist where the name is taken.
	Create(name string) (File, error)
	// Link gives a file a second name, atomically; it fails with fs.ErrExist
	// where the name is taken. It is how a name is created at most once.
	Link(from, to string) error
	// Rename moves a file, atomically replacing what has the new name.
	Rename(from, to string) error
	// Remove deletes a file or an empty directory.
	Remove(name string) error
	// MkdirAll makes a directory and its missing parents.
	MkdirAll(name string) error
	// ReadDir returns the names in a directory, sorted; a directory's ends in a slash.
	ReadDir(name string) ([]string, error)
	// Size returns the length of a file in bytes.
	Size(name string) (int64, error)
	// SyncDir makes the names in a directory durable.
	SyncDir(name string) error
}

// File is an open file: for reading after Open, for writing after Create. One
// that is open for reading may be an [io.Seeker] and [io.ReaderAt] as well (the
// operating system's are): where reading goes on in the middle, what stands before
// need not be read.
type File interface {
	io.Reader
	io.Writer
	io.Closer
	// Sync makes what was written durable.
	Sync() error
}

// Exists reports whether a file or directory of that name is there.
func Exists(files FS, name string) (bool, error) {
	_, err := files.Size(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// ReadFile returns the whole content of a file.
func ReadFile(files FS, name string) ([]byte, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// ErrNotRegular says that something is neither a file nor a folder: a pipe, a device.
var ErrNotRegular = errors.New("neither a file nor a folder")

// CheckRegular fails unless a file has the name. A folder is refused with
// [syscall.EISDIR]; what else the operating system may have there, such as a pipe that
// nobody writes to, with ErrNotRegular, before anybody opens it and waits. A file
// system that has no such check passes all.
func CheckRegular(files FS, name string) error {
	if f, ok := files.(interface{ CheckRegular(name string) error }); ok {
		return f.CheckRegular(name)
	}
	return nil
}

// WriteFile creates a file with the given content and syncs it; the name is
// durable after the caller's SyncDir.
func WriteFile(files FS, name string, content []byte) error {
	f, err := files.Create(name)
	if err != nil {
		return err
	}
	if _, err = f.Write(content); err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}

// RemoveAll deletes a file, or a directory and what is in it; a name that is
// not there is no error.
func RemoveAll(files FS, name string) error {
	names, err := files.ReadDir(name)
	if err == nil {
		for _, n := range names {
			if err := RemoveAll(files, name+"/"+strings.TrimSuffix(n, "/")); err != nil {
				return err
			}
		}
	}
	if err := files.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

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
