package files

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"syscall"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/stream"
)

// This file is about what a commit makes sure of before it shows anything. A
// checkpoint says what each file has to hold. All that is there of a file, under
// its staging name or its final one, has to hold that: else the commit fails,
// for good, and nothing of the checkpoint is shown.

// waiting returns the files that still have a staging name, and makes sure that
// the others are done.
func (c *committer) waiting(id stream.CheckpointID, all []staged) ([]staged, error) {
	var waiting []staged
	for _, s := range all {
		waits, err := c.whole(s, s.Staging)
		switch {
		case err != nil:
			return nil, err
		case !waits:
			err = c.checkShown(id, s)
		case !c.isOurs(s):
			_, err = c.whole(s, s.Final) // shown before a crash, as it may be
		}
		if err != nil {
			return nil, err
		}
		if waits {
			waiting = append(waiting, s)
		}
	}
	return waiting, nil
}

// checkShown is for a file without a staging name: the final one has to be there,
// or have been there.
func (c *committer) checkShown(id stream.CheckpointID, s staged) error {
	there, err := c.whole(s, s.Final)
	if err != nil || there {
		return err
	}
	// Else it was shown, and a reader of the folder has taken it away.
	recorded, err := env.Exists(c.files(), c.folder.at(c.folder.shown(id)))
	if err != nil || recorded {
		return err
	}
	return damagef("%s is lost: it was prepared and is neither there nor at %s; restore it from a copy",
		c.folder.at(s.Staging), c.folder.at(s.Final))
}

// whole reports whether a file has a name; if it has, it holds what was prepared,
// or else the error says what is wrong.
//
// What this process has written and synced itself is not read again, only its
// length is looked at: reading would find in memory what was just put there, not
// what the medium makes of it, and take two thirds of the time that writing and
// syncing took (0.8 s a gigabyte).
func (c *committer) whole(s staged, name string) (there bool, err error) {
	file := c.folder.at(name)
	size, err := c.files().Size(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, err
	case size != s.Bytes:
		return false, c.differs(s, name, fmt.Sprintf("%d bytes instead of %d", size, s.Bytes))
	case name == s.Staging && c.isOurs(s):
		return true, nil
	}
	sum, err := hashOf(c.files(), file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil // taken away this moment, by an earlier owner or a reader
	case err != nil:
		return false, err
	case sum != s.SHA256:
		return false, c.differs(s, name, fmt.Sprintf("SHA-256 %s instead of %s", sum, s.SHA256))
	}
	return true, nil
}

// isOurs reports whether a file was written by this process.
func (c *committer) isOurs(s staged) bool {
	return strings.HasPrefix(s.Staging, c.folder.staging(c.context.Generation)+"/")
}

func hashOf(files env.FS, name string) (string, error) {
	f, err := files.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// differs is the error for a file that does not hold what was prepared.
func (c *committer) differs(s staged, name, how string) error {
	staging, final := c.folder.at(s.Staging), c.folder.at(s.Final)
	if _, err := c.files().ReadDir(c.folder.at(name)); err == nil {
		return damagef("%s is a folder, in the place of a file of the output: move it away and, if %s is not there, "+
			"restore the file from a copy", c.folder.at(name), staging)
	}
	if name == s.Staging {
		return damagef("%s was changed since it was prepared: it has %s; it is not shown, restore it from a copy", staging, how)
	}
	return damagef("%s exists with other content: it has %s; it is not overwritten: restore it from a copy or, "+
		"if %s is there to take its place, move it away",
		final, how, staging)
}

// damagef returns an error that no repetition of the commit will mend.
func damagef(format string, args ...any) error {
	return failure.Fatal(fmt.Errorf("%w: %s", stream.ErrDamaged, fmt.Sprintf(format, args...)))
}

// comeAgain are the errors of a file system that come again however often the
// same is asked of it: it cannot link, or not between these two places; the name
// is too long; something else stands in the way.
//
// A missing permission is none of them. Whoever took it from a job that has just
// written to the folder may give it back; on a network it comes back by itself.
var comeAgain = []error{
	syscall.EPERM, syscall.EXDEV, syscall.EOPNOTSUPP, syscall.ENOSYS, syscall.EMLINK,
	syscall.ENAMETOOLONG, syscall.ELOOP, syscall.ENOTDIR, syscall.EISDIR,
}

// lasting marks the errors of commits that are not worth another attempt.
func lasting(err error) error {
	for _, again := range comeAgain {
		if errors.Is(err, again) {
			return failure.Fatal(err)
		}
	}
	return err
}
