package objstore

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"github.com/weirstream/weir/runtime/env"
)

// Dir is a store in a directory, one file per object. An object is written
// aside, synced, and only then given its name: by a rename where it may replace
// another one, by a link where the name must be free. So whoever reads a name
// reads a whole object.
//
// What is written aside lies in the folder .aside. Each Dir that is opened takes
// a number there that no other has or had, and begins its file names with it:
// a process that was stopped in the middle of a write and wakes up much later
// cannot name somebody else's file by mistake. [Dir.Sweep] removes what lower
// numbers left behind.
//
// Because names are paths, no object's name can be the folder of another's.
// A Delete may be undone by a power cut. Nothing else that has returned can be.
type Dir struct {
	files  env.FS
	root   string
	number uint64 // ours in .aside

	mu     sync.Mutex
	writes uint64          // files written aside so far
	ready  map[string]bool // folders that exist durably
}

var _ Store = (*Dir)(nil)

const aside = ".aside"

// OpenDir opens the store in the directory root, which is made if it is
// missing. It fails where the file system cannot link files, because then it
// cannot create an object at most once.
func OpenDir(files env.FS, root string) (*Dir, error) {
	d := &Dir{files: files, root: root, ready: map[string]bool{}}
	if err := d.open(); err != nil {
		return nil, fmt.Errorf("object store %s: %w", root, err)
	}
	return d, nil
}

func (d *Dir) open() error {
	if err := d.ensure(d.path(aside)); err != nil {
		return err
	}
	if err := d.takeNumber(); err != nil {
		return err
	}
	return d.probe()
}

// takeNumber makes the file that stands for our number: one above all others'.
func (d *Dir) takeNumber() error {
	for {
		names, err := d.files.ReadDir(d.path(aside))
		if err != nil {
			return err
		}
		d.number = 1
		for _, name := range names {
			d.number = max(d.number, numberOf(name)+1)
		}
		err = env.WriteFile(d.files, d.numberFile(), nil)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return err
		}
		return d.files.SyncDir(d.path(aside))
	}
}

func (d *Dir) numberFile() string { return d.path(aside, strconv.FormatUint(d.number, 10)) }

// numberOf returns the number that the name of a file in .aside begins with; 0
// if it has none.
func numberOf(name string) uint64 {
	digits, _, _ := strings.Cut(name, "-")
	n, _ := strconv.ParseUint(digits, 10, 64)
	return n
}

// probe finds out whether the file system can link.
func (d *Dir) probe() error {
	link := d.numberFile() + "-probe"
	if err := d.files.Link(d.numberFile(), link); err != nil {
		return fmt.Errorf("its file system has no hard links (%w), which the checkpoints' safety against two "+
			"owners rests on; choose a folder on a local disk or an object store", err)
	}
	return d.files.Remove(link)
}

// Sweep removes what stores opened before this one have left half-written. It
// is for the owner of the store: a write that another one has under way fails.
func (d *Dir) Sweep() error {
	names, err := d.files.ReadDir(d.path(aside))
	if err != nil {
		return err
	}
	for _, name := range names {
		if numberOf(name) >= d.number {
			continue
		}
		if err := d.files.Remove(d.path(aside, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Put stores an object, replacing what had the name.
func (d *Dir) Put(name string, content []byte) error {
	file, err := d.writeAside(name, content)
	if err != nil {
		return err
	}
	if err := d.files.Rename(file, d.path(name)); err != nil {
		return errors.Join(err, d.files.Remove(file))
	}
	return d.files.SyncDir(path.Dir(d.path(name)))
}

// Create stores an object if the name is free. When it returns [ErrExists], the
// object that has the name is durable.
func (d *Dir) Create(name string, content []byte) error {
	file, err := d.writeAside(name, content)
	if err != nil {
		return err
	}
	linkErr := d.files.Link(file, d.path(name))
	if linkErr != nil && !errors.Is(linkErr, fs.ErrExist) {
		return errors.Join(linkErr, d.files.Remove(file))
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

// writeAside writes and syncs content under a name that nobody reads.
func (d *Dir) writeAside(name string, content []byte) (string, error) {
	if err := checkName(name); err != nil {
		return "", err
	}
	if err := d.ensure(path.Dir(d.path(name))); err != nil {
		return "", err
	}
	d.mu.Lock()
	d.writes++
	file := fmt.Sprintf("%s-%d", d.numberFile(), d.writes)
	d.mu.Unlock()
	if err := env.WriteFile(d.files, file, content); err != nil {
		_ = d.files.Remove(file)
		return "", err
	}
	return file, nil
}

// Get returns an object.
func (d *Dir) Get(name string) ([]byte, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	content, err := env.ReadFile(d.files, d.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	return content, err
}

// List returns the names that begin with prefix, sorted.
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
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return to, nil
	}
	if err != nil {
		return to, err
	}
	for _, entry := range entries {
		name := folder + entry
		switch {
		case strings.HasPrefix(entry, "."):
		case strings.HasSuffix(entry, "/"):
			if !strings.HasPrefix(name, prefix) && !strings.HasPrefix(prefix, name) {
				continue
			}
			if to, err = d.list(to, name, prefix); err != nil {
				return to, err
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
