package files

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"syscall"

	"github.com/weirstream/weir/runtime/env"
)

// Abort removes the staging files of this run up to this generation: rows that
// were never decided, and are written anew. Of this generation there are some
// where a slot of the log was lost, and with it the word that it had been had.
// An earlier owner that does not know yet that it has lost the job may be writing
// still: what it adds meanwhile is left to the next takeover.
func (c *committer) Abort(context.Context) error {
	dirs, err := listOrNothing(c.files(), c.folder.at(c.folder.runStaging()))
	for _, d := range dirs {
		generation, notNumber := strconv.ParseUint(strings.TrimSuffix(d, "/"), 10, 64)
		if err == nil && notNumber == nil && generation <= c.context.Generation {
			err = env.RemoveAll(c.files(), c.folder.at(c.folder.staging(generation)))
			if errors.Is(err, syscall.ENOTEMPTY) {
				err = nil
			}
		}
	}
	if err != nil {
		return fmt.Errorf("file sink: abort in %s: %w", c.folder.out, withRemedy(err))
	}
	return nil
}

// otherParts returns the part files in the folder that belong to other runs.
func (c *committer) otherParts() ([]string, error) {
	names, err := listOrNothing(c.files(), c.folder.out)
	if err != nil {
		return nil, fmt.Errorf("file sink: %s is not a folder to write to: %w", c.folder.out, withRemedy(err))
	}
	var others []string
	for _, n := range names {
		if run, ok := runOf(n); ok && run != c.folder.run {
			others = append(others, n)
		}
	}
	return others, nil
}

// wasHere reports whether this run has written to the folder before, so that what
// others have added since does not keep it from going on.
func (c *committer) wasHere() (bool, error) {
	was, err := env.Exists(c.files(), c.folder.at(c.folder.runStaging()))
	if err != nil {
		err = fmt.Errorf("file sink: %s is not a folder to write to: %w", c.folder.out, withRemedy(err))
	}
	return was, err
}

// removeOthers removes the part files of other runs, and what those runs left
// in staging, in favour of the files that are about to be shown.
func (c *committer) removeOthers() error {
	others, err := c.otherParts()
	if err != nil {
		return err
	}
	for _, n := range others {
		if err := removeIfThere(c.files(), c.folder.at(n)); err != nil {
			return err
		}
	}
	dir := c.folder.at(c.folder.sinkStaging())
	runs, err := listOrNothing(c.files(), dir)
	if err != nil {
		return err
	}
	for _, r := range runs {
		if run := strings.TrimSuffix(r, "/"); run != c.folder.run {
			if err := env.RemoveAll(c.files(), path.Join(dir, run)); err != nil {
				return err
			}
		}
	}
	c.replace = false
	return nil
}

func listOrNothing(files env.FS, dir string) ([]string, error) {
	names, err := files.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return names, err
}
