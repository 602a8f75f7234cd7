//go:build linux || darwin || freebsd

package env

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// lockFile locks a directory by a file in it, until the file is closed: at the latest by the
// end of the process.
func lockFile(f *os.File, dir string) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	switch {
	case errors.Is(err, syscall.EWOULDBLOCK):
		return &LockedError{dir}
	case err != nil:
		return fmt.Errorf("lock %s: %w: take a folder on a file system that has locks", dir, err)
	}
	return nil
}
