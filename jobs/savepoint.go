package jobs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"

	"github.com/weirstream/weir/runtime/checkpoint"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/stream"
)

// This file is how savepoints are taken: of a running job, of one that is stopped with it,
// and of one that does not run.

// View opens a folder of checkpoints, or a savepoint, to look at it.
func View(files env.FS, dir string) (*objstore.Dir, error) {
	if component.IsURL(dir) {
		return nil, failure.Fatal(fmt.Errorf("%s is a URL; give a folder of this machine", dir))
	}
	if _, err := files.ReadDir(dir); errors.Is(err, fs.ErrNotExist) {
		return nil, failure.Fatal(fmt.Errorf("%s is not there", dir))
	}
	return objstore.ViewDir(files, dir), nil
}

// Save writes the last checkpoint of a job that does not run, which is in stateDir, as a
// savepoint into a folder.
func Save(ctx context.Context, files env.FS, stateDir, dir string) (stream.CheckpointID, error) {
	from, err := View(files, stateDir)
	if err != nil {
		return 0, err
	}
	taken, err := checkpoint.Look(ctx, from)
	if err != nil {
		return 0, err
	}
	to, err := newSavepoint(files, stateDir, dir)
	if err != nil {
		return 0, err
	}
	return taken.Manifest.Checkpoint, to.finish(taken.Save(ctx, to.store))
}

// Savepoint has the job take a checkpoint, and writes it as a savepoint into a folder. The job
// goes on.
func (r *Run) Savepoint(ctx context.Context, dir string) (stream.CheckpointID, error) {
	to, err := newSavepoint(r.files, r.StateDir, dir)
	if err != nil {
		return 0, err
	}
	type outcome struct {
		id  stream.CheckpointID
		err error
	}
	done := make(chan outcome, 1)
	r.Job.Savepoint(to.store, func(id stream.CheckpointID, err error) { done <- outcome{id, to.finish(err)} })
	select {
	case o := <-done:
		return o.id, r.secrets.HideError(o.err)
	case <-ctx.Done(): // it is written all the same
		return 0, ctx.Err()
	}
}

// StopWithSavepoint stops the job, and has its last checkpoint written as a savepoint into a
// folder before Wait returns.
func (r *Run) StopWithSavepoint(dir string) error {
	to, err := newSavepoint(r.files, r.StateDir, dir)
	if err != nil {
		return err
	}
	r.end.Lock()
	defer r.end.Unlock()
	if r.end.over || r.end.to != nil {
		return errors.Join(failure.Fatal(errors.New("the job is being stopped already")), to.finish(errNotWritten))
	}
	r.end.to = to
	r.Stop()
	return nil
}

// errNotWritten has a savepoint that was never begun leave nothing behind.
var errNotWritten = errors.New("nothing was written there")

// saveLast writes the savepoint of a job that has ended, if one is wanted.
func (r *Run) saveLast(last status.Job, err error) error {
	r.end.Lock()
	to := r.end.to
	r.end.over = true
	r.end.Unlock()
	switch {
	case to == nil:
		return nil
	case err != nil:
		_ = to.finish(errNotWritten) // the job's own failure says more
		return nil
	case last.State != status.Stopped:
		return to.finish(fmt.Errorf("the job was not stopped, but is %s, so that there is no savepoint", last.State))
	}
	from, err := View(r.files, r.StateDir)
	if err == nil {
		var taken *checkpoint.Taken
		if taken, err = checkpoint.Look(context.Background(), from); err == nil {
			err = taken.Save(context.Background(), to.store)
		}
	}
	return to.finish(err)
}

// savepointDir is a folder that a savepoint is written into.
type savepointDir struct {
	files env.FS
	dir   string
	store *objstore.Dir
}

// newSavepoint opens a folder that holds nothing for a savepoint, which is made if it is missing. It
// does not lie among the checkpoints, which are tidied up, and go when the job is run afresh.
func newSavepoint(files env.FS, stateDir, dir string) (*savepointDir, error) {
	if component.IsURL(dir) {
		return nil, failure.Fatal(fmt.Errorf("%s is a URL; a savepoint is a folder of this machine", dir))
	}
	if isWithin(dir, stateDir) {
		return nil, failure.Fatal(fmt.Errorf("%s is within the folder of the job's checkpoints, %s: name one elsewhere", dir, stateDir))
	}
	names, err := files.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, failure.Fatal(fmt.Errorf("%s cannot hold a savepoint: %w", dir, err))
	}
	if len(names) > 0 {
		return nil, failure.Fatal(fmt.Errorf("%s cannot hold a savepoint: it is not empty, but has %s; name a folder that is not there yet",
			dir, names[0]))
	}
	store, err := objstore.OpenDir(files, dir)
	if err != nil {
		return nil, fmt.Errorf("%s cannot hold a savepoint: %w", dir, err)
	}
	return &savepointDir{files, dir, store}, nil
}

// isWithin reports whether a path leads into a folder, or to it, by the names in it.
func isWithin(name, dir string) bool {
	absolute, err := filepath.Abs(name)
	if err != nil {
		return false // opening it says what is wrong
	}
	root, err := filepath.Abs(dir)
	if err != nil {
		return false
	}
	way, err := filepath.Rel(root, absolute)
	return err == nil && filepath.IsLocal(way)
}

// finish tidies up: what a store needs while it is written to or, behind an error, all.
func (s *savepointDir) finish(err error) error {
	if err == nil {
		_ = env.RemoveAll(s.files, path.Join(s.dir, objstore.Aside)) // it does no harm
		return nil
	}
	_ = env.RemoveAll(s.files, s.dir) // as far as that can be done
	return fmt.Errorf("savepoint in %s: %w", s.dir, err)
}
