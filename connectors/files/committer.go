package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/stream"
)

// keepBegun is for how many checkpoints begun records are kept. A commit is
// repeated at most until the next one has been done; the rest is margin.
const keepBegun = 16

// committer gives staged files their final names.
type committer struct {
	context stream.CommitterContext
	folder  folder
	replace bool // the part files of other runs are still to be removed
}

func (c *committer) files() env.FS { return c.context.Env.Files }

// Commit shows the files of a checkpoint, in the order that the package comment
// explains.
func (c *committer) Commit(ctx context.Context, id stream.CheckpointID, pending []stream.Pending) error {
	all, err := decode(pending)
	if err == nil && c.replace {
		err = c.removeOthers()
	}
	if err == nil && len(all) > 0 {
		err = c.show(ctx, id, all)
	}
	if err != nil {
		return fmt.Errorf("file sink: commit of checkpoint %d to %s: %w", id, c.folder.out, err)
	}
	return nil
}

func decode(pending []stream.Pending) ([]staged, error) {
	var all []staged
	for _, p := range pending {
		if len(p) == 0 {
			continue
		}
		var files []staged
		if err := json.Unmarshal(p, &files); err != nil {
			return nil, fmt.Errorf("pending commit %q is damaged: %w", p, err)
		}
		all = append(all, files...)
	}
	return all, nil
}

func (c *committer) show(ctx context.Context, id stream.CheckpointID, all []staged) error {
	waiting, err := c.waiting(id, all)
	if err == nil && len(waiting) > 0 {
		err = c.begin(id)
	}
	if err != nil {
		return err
	}
	for _, s := range waiting {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := c.link(s); err != nil {
			return err
		}
	}
	if err := c.files().SyncDir(c.folder.out); err != nil {
		return err
	}
	for _, s := range waiting {
		if err := removeIfThere(c.files(), c.folder.at(s.Staging)); err != nil {
			return err
		}
	}
	return c.forgetBegun(id)
}

// waiting returns the files that still have a staging name, and makes sure that
// the others are done. It comes before anything is recorded: a commit that fails
// here fails again.
func (c *committer) waiting(id stream.CheckpointID, all []staged) ([]staged, error) {
	begun, err := env.Exists(c.files(), c.folder.at(c.folder.begun(id)))
	if err != nil {
		return nil, err
	}
	var waiting []staged
	for _, s := range all {
		name := c.folder.at(s.Staging)
		switch size, err := c.files().Size(name); {
		case errors.Is(err, fs.ErrNotExist):
			if err := c.checkDone(s, begun); err != nil {
				return nil, err
			}
		case err != nil:
			return nil, err
		case size != s.Bytes:
			return nil, fmt.Errorf("%s has %d bytes instead of the %d of the checkpoint: it was changed or damaged", name, size, s.Bytes)
		default:
			waiting = append(waiting, s)
		}
	}
	return waiting, nil
}

// begin records durably that files of a checkpoint get their final names from
// now on.
func (c *committer) begin(id stream.CheckpointID) error {
	name := c.folder.at(c.folder.begun(id))
	f, err := c.files().Create(name)
	if err == nil {
		err = f.Close()
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return c.files().SyncDir(path.Dir(name))
}

// link gives a staged file its final name, or finds that it has it already.
func (c *committer) link(s staged) error {
	to := c.folder.at(s.Final)
	err := c.files().Link(c.folder.at(s.Staging), to)
	switch {
	case errors.Is(err, fs.ErrExist):
		return c.checkContent(s, to)
	case errors.Is(err, fs.ErrNotExist): // an earlier owner, still alive, was faster
		return c.checkDone(s, true)
	}
	return err
}

// checkDone is for a file without a staging name: the final one has to be there,
// or have been there.
func (c *committer) checkDone(s staged, begun bool) error {
	to := c.folder.at(s.Final)
	there, err := env.Exists(c.files(), to)
	switch {
	case err != nil:
		return err
	case there:
		return c.checkContent(s, to)
	case begun:
		return nil // shown before, and since taken away by a reader of the folder
	}
	return fmt.Errorf("%s is lost: it was prepared but is neither there nor at %s", c.folder.at(s.Staging), to)
}

// checkContent compares a file that has a final name with what was staged for it.
func (c *committer) checkContent(s staged, name string) error {
	f, err := c.files().Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return err
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != s.SHA256 {
		return fmt.Errorf("%s exists with another content (SHA-256 %s instead of %s); it is not overwritten: move it away", name, got, s.SHA256)
	}
	return nil
}

// forgetBegun removes the records of checkpoints long past.
func (c *committer) forgetBegun(id stream.CheckpointID) error {
	dir := c.folder.at(c.folder.runStaging())
	names, err := listOrNothing(c.files(), dir)
	if err != nil {
		return err
	}
	for _, n := range names {
		text, ok := strings.CutPrefix(n, begunPrefix)
		old, err := strconv.ParseUint(text, 10, 64)
		if !ok || err != nil || old+keepBegun >= uint64(id) {
			continue
		}
		if err := removeIfThere(c.files(), path.Join(dir, n)); err != nil {
			return err
		}
	}
	return nil
}

func removeIfThere(files env.FS, name string) error {
	if err := files.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
