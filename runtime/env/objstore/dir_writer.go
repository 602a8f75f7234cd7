package objstore

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"

	"github.com/weirstream/weir/runtime/env"
)

// pieceBytes is how much is read or written between two looks at a context.
const pieceBytes = 1 << 20

// dirWriter is an object of a Dir that is being written aside.
type dirWriter struct {
	ctx    context.Context
	dir    *Dir
	path   string // that the object is to have
	mode   Mode
	number uint64 // that the file stands under
	aside  string // the file; it may still be there under that name
	file   env.File
	err    error // what has gone wrong with the object
	done   bool  // nothing is left aside
}

// Write appends to the file.
func (w *dirWriter) Write(p []byte) (n int, err error) {
	for piece := range slices.Chunk(p, pieceBytes) {
		if w.err = cmp.Or(w.err, w.ctx.Err()); w.err != nil {
			return n, w.err
		}
		var written int
		written, w.err = w.file.Write(piece)
		n += written
	}
	return n, w.err
}

// Commit syncs the file and gives it the object's name.
func (w *dirWriter) Commit() error {
	err := cmp.Or(w.err, w.ctx.Err())
	if err == nil {
		err = w.commit()
	}
	w.err = cmp.Or(err, errWritten)
	return w.dir.blocked(w.path, err)
}

func (w *dirWriter) commit() error {
	if err := cmp.Or(w.file.Sync(), w.close()); err != nil {
		return err
	}
	err := w.dir.aside.explain(w.number, w.give())
	taken := w.mode == IfFree && errors.Is(err, fs.ErrExist)
	if err != nil && !taken {
		return err
	}
	// Even where the name is taken: its owner may have died between link and sync.
	if err := w.dir.files.SyncDir(path.Dir(w.path)); err != nil {
		return err
	}
	if taken {
		return ErrExists
	}
	return nil
}

// give names the file. By a link it has two names then, and Discard takes one away.
func (w *dirWriter) give() error {
	if w.mode == IfFree {
		return w.dir.files.Link(w.aside, w.path)
	}
	err := w.dir.files.Rename(w.aside, w.path)
	w.done = err == nil
	return err
}

func (w *dirWriter) close() error {
	file := w.file
	w.file = nil
	return file.Close()
}

// Discard removes the file, as far as it is there; the rest is swept up.
func (w *dirWriter) Discard() {
	if w.file != nil {
		_ = w.close()
	}
	if !w.done {
		_ = w.dir.files.Remove(w.aside)
	}
	w.done, w.err = true, cmp.Or(w.err, errWritten)
}
