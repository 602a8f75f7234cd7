package memfs

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"syscall"

	"github.com/weirstream/weir/runtime/env"
)

// FS is a file system in memory. Relative names begin at its root.
type FS struct {
	mu   sync.Mutex
	root *node
	// pending are the changes of names that are not durable yet, in order.
	pending []*edit
	fault   func(Op) Outcome
	logging bool
	log     []Op
	locked  map[*node]bool // the files by which directories are locked
	total   int64          // bytes of the disk; 0 is without end
}

var _ env.FS = (*FS)(nil)

// node is a file or a directory. No byte of a file ever changes: it grows at its
// end, and what Truncate takes away stays where it was, for a power cut to bring back.
type node struct {
	isDir bool

	content
	appended bool      // it was opened by Append
	cut      []content // what Truncate has shortened since the last Sync

	names   map[string]*node // as programs see the directory
	durable map[string]*node // as it is on the medium
}

type content struct {
	data   []byte
	synced int // data[:synced] survives a power cut
}

// edit is one change of a directory: name is now node, or gone where it is nil.
type edit struct {
	dir  *node
	name string
	node *node
	// needs is the other half of a rename: the old name goes only where the new
	// one has come to stay.
	needs   *edit
	durable bool
}

// New returns an empty file system.
func New() *FS { return &FS{root: newDir()} }

func newDir() *node {
	return &node{isDir: true, names: map[string]*node{}, durable: map[string]*node{}}
}

// Open opens a file for reading. The file reads at any offset, too (io.ReaderAt,
// io.Seeker), as files of the operating system do.
func (f *FS) Open(name string) (env.File, error) {
	var opened *file
	err := f.do(Op{Kind: Open, Name: name}, func() error {
		n, err := f.find(name)
		if err == nil {
			opened = &file{fs: f, name: name, node: n}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return opened, nil
}

// Create makes an empty file for writing.
func (f *FS) Create(name string) (env.File, error) {
	var created *file
	err := f.do(Op{Kind: Create, Name: name}, func() error {
		dir, base, err := f.place(name)
		if err != nil {
			return err
		}
		created = &file{fs: f, name: name, node: &node{}, writable: true}
		f.set(dir, base, created.node, nil)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return created, nil
}

// Link gives a file a second name.
func (f *FS) Link(from, to string) error {
	return f.do(Op{Kind: Link, Name: from, To: to}, func() error {
		n, err := f.find(from)
		if err != nil {
			return err
		}
		if n.isDir {
			return &fs.PathError{Op: "link", Path: from, Err: fs.ErrPermission}
		}
		dir, base, err := f.place(to)
		if err != nil {
			return err
		}
		f.set(dir, base, n, nil)
		return nil
	})
}

// Rename moves a file or directory, replacing a file that has the new name.
func (f *FS) Rename(from, to string) error {
	return f.do(Op{Kind: Rename, Name: from, To: to}, func() error {
		n, err := f.find(from)
		if err != nil {
			return err
		}
		dir, base, err := f.place(to)
		if err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
		if old := dir.names[base]; old == n {
			return nil // two names of one file: POSIX changes nothing
		} else if old != nil && old.isDir {
			return &fs.PathError{Op: "rename", Path: to, Err: fs.ErrExist}
		}
		added := f.set(dir, base, n, nil)
		fromDir, fromBase, _ := f.parent(from)
		f.set(fromDir, fromBase, nil, added)
		return nil
	})
}

// Remove deletes a file or an empty directory. Files that are open can still be read.
func (f *FS) Remove(name string) error {
	return f.do(Op{Kind: Remove, Name: name}, func() error {
		n, err := f.find(name)
		if err != nil {
			return err
		}
		if n == f.root || n.isDir && len(n.names) > 0 {
			return &fs.PathError{Op: "remove", Path: name, Err: syscall.ENOTEMPTY}
		}
		dir, base, _ := f.parent(name)
		f.set(dir, base, nil, nil)
		return nil
	})
}

// MkdirAll makes a directory and its missing parents; each is durable after
// SyncDir of the directory it stands in.
func (f *FS) MkdirAll(name string) error {
	return f.do(Op{Kind: Mkdir, Name: name}, func() error {
		dir := f.root
		for _, part := range split(name) {
			next := dir.names[part]
			if next == nil {
				next = newDir()
				f.set(dir, part, next, nil)
			}
			if !next.isDir {
				return &fs.PathError{Op: "mkdir", Path: name, Err: syscall.ENOTDIR}
			}
			dir = next
		}
		return nil
	})
}

// ReadDir returns the names in a directory, sorted; a directory's ends in a slash.
func (f *FS) ReadDir(name string) ([]string, error) {
	var names []string
	err := f.do(Op{Kind: ReadDir, Name: name}, func() error {
		dir, err := f.findDir(name)
		if err != nil {
			return err
		}
		for base, n := range dir.names {
			if n.isDir {
				base += "/"
			}
			names = append(names, base)
		}
		slices.Sort(names)
		return nil
	})
	return names, err
}

// Size returns the length of a file, 0 for a directory.
func (f *FS) Size(name string) (int64, error) {
	var size int64
	err := f.do(Op{Kind: Size, Name: name}, func() error {
		n, err := f.find(name)
		if err == nil {
			size = int64(len(n.data))
		}
		return err
	})
	return size, err
}

// CheckRegular fails for a directory, and where nothing has the name.
func (f *FS) CheckRegular(name string) error {
	return f.do(Op{Kind: Size, Name: name}, func() error {
		n, err := f.find(name)
		if err == nil && n.isDir {
			err = &fs.PathError{Op: "open", Path: name, Err: syscall.EISDIR}
		}
		return err
	})
}

// SyncDir makes the names in a directory durable. The new name of a file that
// was renamed out of it becomes durable with it.
func (f *FS) SyncDir(name string) error {
	return f.do(Op{Kind: SyncDir, Name: name}, func() error {
		dir, err := f.findDir(name)
		if err != nil {
			return err
		}
		f.settle(dir)
		return nil
	})
}

// settle makes the pending changes of dir durable, and with them what they
// rest on: the new names of files renamed away, and earlier changes of the same
// names. REQUIRES: f.mu.
func (f *FS) settle(dir *node) {
	type place struct {
		dir  *node
		name string
	}
	later := map[place]bool{}
	for _, e := range slices.Backward(f.pending) {
		at := place{e.dir, e.name}
		if e.dir != dir && !e.durable && !later[at] {
			continue
		}
		e.durable, later[at] = true, true
		if e.needs != nil {
			e.needs.durable = true
		}
	}
	f.pending = slices.DeleteFunc(f.pending, func(e *edit) bool {
		if e.durable {
			e.apply(e.dir.durable)
		}
		return e.durable
	})
}

func (e *edit) apply(names map[string]*node) {
	if e.node == nil {
		delete(names, e.name)
	} else {
		names[e.name] = e.node
	}
}

// set changes a directory and notes that the change is not durable yet.
// REQUIRES: f.mu.
func (f *FS) set(dir *node, name string, n *node, needs *edit) *edit {
	e := &edit{dir: dir, name: name, node: n, needs: needs}
	e.apply(dir.names)
	f.pending = append(f.pending, e)
	return e
}

// find returns the file or directory of a name. REQUIRES: f.mu.
func (f *FS) find(name string) (*node, error) {
	n := f.root
	for _, part := range split(name) {
		if !n.isDir {
			return nil, &fs.PathError{Op: "open", Path: name, Err: syscall.ENOTDIR}
		}
		if n = n.names[part]; n == nil {
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		}
	}
	return n, nil
}

func (f *FS) findDir(name string) (*node, error) {
	n, err := f.find(name)
	if err == nil && !n.isDir {
		err = &fs.PathError{Op: "open", Path: name, Err: syscall.ENOTDIR}
	}
	return n, err
}

// parent returns the directory that name stands in and its last part.
func (f *FS) parent(name string) (*node, string, error) {
	parts := split(name)
	if len(parts) == 0 {
		return nil, "", &fs.PathError{Op: "open", Path: name, Err: syscall.EISDIR}
	}
	dir, err := f.findDir(strings.Join(parts[:len(parts)-1], "/"))
	return dir, parts[len(parts)-1], err
}

// place is parent for a name that is to be made: where it is taken already, the
// error is fs.ErrExist, and dir and base are valid all the same.
func (f *FS) place(name string) (dir *node, base string, err error) {
	dir, base, err = f.parent(name)
	if err == nil && dir.names[base] != nil {
		err = &fs.PathError{Op: "create", Path: name, Err: fs.ErrExist}
	}
	return dir, base, err
}

// split returns the parts of a name below the root.
func split(name string) []string {
	clean := path.Clean("/" + name)[1:]
	if clean == "" {
		return nil
	}
	return strings.Split(clean, "/")
}
