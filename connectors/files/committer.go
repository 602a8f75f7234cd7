package files

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/stream"
)

// keepShown is for how many checkpoints shown records are kept. A commit is
// repeated at most until the next one has been done; the rest is margin.
const keepShown = 16

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
	if err == nil && len(all) > 0 {
		all, err = c.waiting(id, all)
	}
	if err == nil && c.replace {
		err = c.removeOthers()
	}
	if err == nil && len(all) > 0 {
		err = c.show(ctx, id, all)
	}
	if err != nil {
		return fmt.Errorf("file sink: commit of checkpoint %d to %s: %w", id, c.folder.out, withRemedy(lasting(err)))
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
			return nil, failure.Fatal(fmt.Errorf("pending commit %q is %w: %w", p, stream.ErrDamaged, err))
		}
		all = append(all, files...)
	}
	return all, nil
}

// show gives files their final names. Only when those are durable, and a record
// says so, the staging names go: whatever is left after a crash tells how far it
// came.
func (c *committer) show(ctx context.Context, id stream.CheckpointID, waiting []staged) error {
	for _, s := range waiting {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := c.link(id, s); err != nil {
			return err
		}
	}
	if err := c.files().SyncDir(c.folder.out); err != nil {
		return err
	}
	if err := c.recordShown(id); err != nil {
		return err
	}
	for _, s := range waiting {
		if err := removeIfThere(c.files(), c.folder.at(s.Staging)); err != nil {
			return err
		}
	}
	return c.forgetShown(id)
}

// link gives a staged file its final name, or finds that it has it already.
func (c *committer) link(id stream.CheckpointID, s staged) error {
	err := c.files().Link(c.folder.at(s.Staging), c.folder.at(s.Final))
	switch {
	case errors.Is(err, fs.ErrExist):
		_, err = c.whole(s, s.Final)
	case errors.Is(err, fs.ErrNotExist): // an earlier owner, still alive, was faster
		err = c.checkShown(id, s)
	}
	return err
}

// recordShown records durably that all files of a checkpoint have had their
// final names.
func (c *committer) recordShown(id stream.CheckpointID) error {
	name := c.folder.at(c.folder.shown(id))
	f, err := c.files().Create(name)
	if err == nil {
		err = f.Close()
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return c.files().SyncDir(path.Dir(name))
}

// forgetShown removes the records of checkpoints long past.
func (c *committer) forgetShown(id stream.CheckpointID) error {
	dir := c.folder.at(c.folder.runStaging())
	names, err := listOrNothing(c.files(), dir)
	if err != nil {
		return err
	}
	for _, n := range names {
		old, ok := parseShown(n)
		if !ok || old >= id || id-old <= keepShown {
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
