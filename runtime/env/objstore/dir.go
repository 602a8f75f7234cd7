package objstore

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/failure"
)

// Dir is a store in a directory, one file per object. An object is written
// aside, in the folder .aside, synced, and only then given its name: by a rename
// where it may replace another one, by a link where the name must be free. So
// whoever reads a name reads a whole object. dir_writer.go has that order.
//
// Because names are paths, no object's name can be the folder of another's.
// A Delete may be undone by a power cut. Nothing else that has returned can be.
type Dir struct {
	files env.FS
	root  string
	aside aside
	view  bool // nothing is written

	mu    sync.Mutex
	ready map[string]bool // folders that exist durably
}

var _ Store = (*Dir)(nil)

// Aside is the folder in a store's own where what has no name yet is written. Once a store
// is not written to any more it may go.
const Aside = ".aside"

// OpenDir opens the store in the directory root, which is made if it is
// missing. It fails where the file system cannot link files, because then it
// cannot create an object at most once.
func OpenDir(files env.FS, root string) (*Dir, error) {
	d := &Dir{files: files, root: path.Clean(root), ready: map[string]bool{}}
	d.aside.files, d.aside.dir = files, d.path(Aside)
	err := d.ensure(d.aside.dir)
	if err == nil {
		err = d.aside.open()
	}
	if err != nil {
		return nil, d.blocked(d.aside.dir+"/", err)
	}
	return d, nil
}

// ViewDir opens the store in the directory root to look at it: it writes nothing, and so
// needs no leave to.
func ViewDir(files env.FS, root string) *Dir {
	return &Dir{files: files, root: path.Clean(root), view: true}
}

// errView is why nothing can be written.
var errView = failure.Fatal(errors.New("the store is open to be looked at, and not to be written to"))

// String is the directory.
func (d *Dir) String() string { return d.root }

// Sweep removes what stores opened before this one have left half-written. It
// is for the owner of the store; a store that is still at work is told, and writes
// again what was swept away from under it.
func (d *Dir) Sweep(ctx context.Context) error { return d.aside.sweep(ctx) }

// Write begins an object, in a file aside.
func (d *Dir) Write(ctx context.Context, name string, mode Mode) (Writer, error) {
	if err := cmp.Or(ctx.Err(), checkName(name), d.writable()); err != nil {
		return nil, err
	}
	err := d.ensure(path.Dir(d.path(name)))
	if err != nil {
		return nil, d.blocked(d.path(name), err)
	}
	w := &dirWriter{ctx: ctx, dir: d, path: d.path(name), mode: mode}
	if w.number, w.aside, w.file, err = d.aside.begin(); err != nil {
		w.Discard() // the file may be there all the same
		return nil, d.blocked(w.aside, err)
	}
	return w, nil
}

// Open opens an object.
func (d *Dir) Open(ctx context.Context, name string) (Reader, error) {
	if err := d.find(ctx, name); err != nil {
		return nil, err
	}
	file, err := d.files.Open(d.path(name))
	if err != nil {
		return nil, d.missing(name, err)
	}
	return newDirReader(ctx, d, d.path(name), file)
}

// Stat returns the length of an object.
func (d *Dir) Stat(ctx context.Context, name string) (int64, error) {
	if err := d.find(ctx, name); err != nil {
		return 0, err
	}
	size, err := d.files.Size(d.path(name))
	return size, d.missing(name, err)
}

// find makes sure that what has a name, if anything has, is an object.
func (d *Dir) find(ctx context.Context, name string) error {
	if err := cmp.Or(ctx.Err(), checkName(name)); err != nil {
		return err
	}
	return d.missing(name, env.CheckRegular(d.files, d.path(name)))
}

// missing says of an error of reading whether the object is missing, or what has its
// place.
func (d *Dir) missing(name string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return ErrNotFound
	}
	return d.blocked(d.path(name), err)
}

// List returns the names that begin with prefix, sorted, and those of empty folders.
func (d *Dir) List(ctx context.Context, prefix string) ([]string, error) {
	folder := "" // with a slash behind it, or the root
	if i := strings.LastIndexByte(prefix, '/'); i >= 0 {
		folder = prefix[:i+1]
	}
	names, err := d.list(ctx, nil, folder, prefix)
	slices.Sort(names)
	return names, err
}

// list appends the names of objects in folder and below that begin with prefix.
func (d *Dir) list(ctx context.Context, to []string, folder, prefix string) ([]string, error) {
	if err := ctx.Err(); err != nil {
		return to, err
	}
	entries, err := d.files.ReadDir(d.path(folder))
	if errors.Is(err, fs.ErrNotExist) {
		return to, nil
	}
	if err != nil {
		return to, d.blocked(d.path(folder)+"/", err)
	}
	for _, entry := range entries {
		name := folder + entry
		switch {
		case strings.HasPrefix(entry, "."):
		case strings.HasSuffix(entry, "/"):
			if !strings.HasPrefix(name, prefix) && !strings.HasPrefix(prefix, name) {
				continue
			}
			before := len(to)
			if to, err = d.list(ctx, to, name, prefix); err != nil {
				return to, err
			}
			if len(to) == before && len(name) > len(prefix) {
				to = append(to, name)
			}
		case strings.HasPrefix(name, prefix):
			to = append(to, name)
		}
	}
	return to, nil
}

// Delete removes an object.
func (d *Dir) Delete(ctx context.Context, name string) error {
	if err := cmp.Or(ctx.Err(), checkName(name), d.writable()); err != nil {
		return err
	}
	if err := d.files.Remove(d.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func (d *Dir) writable() error {
	if d.view {
		return errView
	}
	return nil
}

func (d *Dir) path(parts ...string) string {
	return path.Join(append([]string{d.root}, parts...)...)
}

// ensure makes a directory and its missing parents, each durably: one that is
// there already may stem from a process that died before its sync.
func (d *Dir) ensure(dir string) error {
	d.mu.Lock()
	ready := d.ready[dir]
	d.mu.Unlock()
	parent := path.Dir(dir)
	if ready || parent == dir {
		return nil
	}
	there, err := env.Exists(d.files, dir)
	if err != nil {
		return err
	}
	if !there {
		if err := d.ensure(parent); err != nil {
			return err
		}
		if err := d.files.MkdirAll(dir); err != nil {
			return err
		}
	}
	err = d.files.SyncDir(parent)
	if there && errors.Is(err, fs.ErrPermission) {
		err = nil // a parent that we may not read is not ours to sync
	}
	if err == nil {
		d.mu.Lock()
		d.ready[dir] = true
		d.mu.Unlock()
	}
	return err
}
