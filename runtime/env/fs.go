package env

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
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
	// Append opens a file for appending and reading, and makes it where it is missing.
	Append(name string) (AppendFile, error)
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
	// Lock takes a directory for the caller alone: until Close, or the end of the process,
	// every other Lock of it fails with a [*LockedError], in whatever process. It keeps the
	// empty file [LockName] there.
	Lock(dir string) (io.Closer, error)
	// Space returns how many bytes the disk that a directory lies on has left for this
	// process, and how many it has in all. Where the file system or the operating system
	// cannot tell, it fails with [errors.ErrUnsupported].
	Space(dir string) (free, total int64, err error)
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

// AppendFile is a file that grows at its end and is read anywhere. After a power cut it has
// what the last Sync saw; of what was written since, a part from the front, and behind that there
// may be zeros or garbage. A part from the front may end in the middle of a Write. What
// Truncate took away since the last Sync may be back.
//
// After a Sync that failed nobody knows what is durable, and one that succeeds later does
// not change that: the system may have dropped what it could not write. Whoever appends
// begins another file, or cuts this one off where it was last synced.
//
// All methods may be called by several goroutines; a Sync is for the writes that returned before it began.
type AppendFile interface {
	io.Writer
	io.ReaderAt
	io.Closer
	Sync() error
	// Size returns how long the file is now.
	Size() (int64, error)
	// Truncate shortens the file; it fails with fs.ErrInvalid where it is not that long.
	// A Sync makes that durable.
	Truncate(size int64) error
}

// LockName is the file by which a directory is locked.
const LockName = "LOCK"

// LockedError says that somebody else has locked a directory.
type LockedError struct{ Dir string }

func (e *LockedError) Error() string {
	return fmt.Sprintf("%s is in use by another process, or elsewhere in this one: end that first, or take another folder", e.Dir)
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
