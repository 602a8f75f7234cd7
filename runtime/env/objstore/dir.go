package objstore

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/weirstream/weir/runtime/env"
)

// Dir is a store in a directory, one file per object. An object is written
// aside, in the folder .aside, synced, and only then given its name: by a rename
// where it may replace another one, by a link where the name must be free. So
// whoever reads a name reads a whole object.
//
// Because names are paths, no object's name can be the folder of another's.
// A Delete may be undone by a power cut. Nothing else that has returned can be.
type Dir struct {
	files env.FS
	root  string
	aside aside

	mu    sync.Mutex
	ready map[string]bool // folders that exist durably
}

var _ Store = (*Dir)(nil)

const asideFolder = ".aside"

// OpenDir opens the store in the directory root, which is made if it is
// missing. It fails where the file system cannot link files, because then it
// cannot create an object at most once.
func OpenDir(files env.FS, root string) (*Dir, error) {
	d := &Dir{files: files, root: path.Clean(root), ready: map[string]bool{}}
	d.aside.files, d.aside.dir = files, d.path(asideFolder)
	err := d.ensure(d.aside.dir)
	if err == nil {
		err = d.aside.open()
	}
	if err != nil {
		return nil, d.blocked(d.aside.dir+"/", err)
	}
	return d, nil
}

// String is the directory.
func (d *Dir) String() string { return d.root }

// Sweep removes what stores opened before this one have left half-written. It
// is for the owner of the store; a store that is still at work writes again what
// was swept away from under it.
func (d *Dir) Sweep() error { return d.aside.sweep() }

// Put stores an object, replacing what had the name.
func (d *Dir) Put(name string, content []byte) error {
	return d.blocked(d.path(name), d.put(name, content))
}

func (d *Dir) put(name string, content []byte) error {
	if err := d.prepare(name); err != nil {
		return err
	}
	file, err := d.aside.place(content, func(file string) error {
		return d.files.Rename(file, d.path(name))
	})
	if err != nil {
		_ = d.files.Remove(file) // as far as it is there; the rest is swept up
		return err
	}
	return d.files.SyncDir(path.Dir(d.path(name)))
}

// Create stores an object if the name is free. When it returns [ErrExists], the
// object that has the name is durable.
func (d *Dir) Create(name string, content []byte) error {
	return d.blocked(d.path(name), d.create(name, content))
}

func (d *Dir) create(name string, content []byte) error {
	if err := d.prepare(name); err != nil {
		return err
	}
	file, linkErr := d.aside.place(content, func(file string) error {
		return d.files.Link(file, d.path(name))
	})
	if linkErr != nil && !errors.Is(linkErr, fs.ErrExist) {
		_ = d.files.Remove(file)
		return linkErr
	}
	// Even where the name is taken: its owner may have died between link and sync.
	if err := d.files.SyncDir(path.Dir(d.path(name))); err != nil {
		return err
	}
	// What cannot be removed is swept up later; the object is stored.
	_ = d.files.Remove(file)
	if linkErr != nil {
		return ErrExists
	}
	return nil
}

// prepare checks a name and makes the folder that it stands in.
func (d *Dir) prepare(name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	return d.ensure(path.Dir(d.path(name)))
}

// Get returns an object.
func (d *Dir) Get(name string) ([]byte, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	content, err := env.ReadRegular(d.files, d.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	return content, d.blocked(d.path(name), err)
}

// List returns the names that begin with prefix, sorted, and those of empty folders.
func (d *Dir) List(prefix string) ([]string, error) {
	folder := "" // with a slash behind it, or the root
	if i := strings.LastIndexByte(prefix, '/'); i >= 0 {
		folder = prefix[:i+1]
	}
	names, err := d.list(nil, folder, prefix)
	slices.Sort(names)
	return names, err
}

// list appends the names of objects in folder and below that begin with prefix.
func (d *Dir) list(to []string, folder, prefix string) ([]string, error) {
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
			if to, err = d.list(to, name, prefix); err != nil {
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
func (d *Dir) Delete(name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	if err := d.files.Remove(d.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
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
