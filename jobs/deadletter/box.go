package deadletter

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
)

// The folders in a box.
const (
	feedingFolder = "feeding"
	fedFolder     = "fed"
	stateFolder   = "state" // in feedingFolder
)

// Box is a folder of dead letters, or one file in it.
type Box struct {
	known known
	files env.FS
	dir   string
	only  string // "" is all files
}

// Open returns the box that a path names: a folder, or a file. The formats of
// letters are those of r.
func Open(r *component.Registry, files env.FS, name string) (*Box, error) {
	name = path.Clean(name)
	_, err := files.ReadDir(name)
	if err == nil {
		return &Box{known: known{r}, files: files, dir: name}, nil
	}
	if _, sizeErr := files.Size(name); sizeErr != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", name, sizeErr)
	}
	return &Box{known: known{r}, files: files, dir: path.Dir(name), only: path.Base(name)}, nil
}

// String names the box as it was opened.
func (b *Box) String() string { return path.Join(b.dir, b.only) }

// Files returns the paths of the files whose letters are yet to be fed: those of
// an unfinished round, then the others.
func (b *Box) Files() ([]string, error) {
	var all []string
	for _, in := range []string{feedingFolder, "."} {
		names, err := b.letterFiles(in)
		if err != nil {
			return nil, err
		}
		for _, n := range names {
			all = append(all, path.Join(b.dir, in, n))
		}
	}
	return all, nil
}

// letterFiles returns the names of the files of letters in a folder of the box,
// sorted; none where there is no such folder.
func (b *Box) letterFiles(in string) ([]string, error) {
	names, err := b.files.ReadDir(path.Join(b.dir, in))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	known := b.known.extensions()
	return slices.DeleteFunc(names, func(n string) bool {
		return strings.HasPrefix(n, ".") || strings.HasSuffix(n, "/") || !slices.Contains(known, extension(n)) || b.only != "" && n != b.only
	}), nil
}

// claim moves files of the box to those of a round.
func (b *Box) claim(names []string) error {
	for _, n := range names {
		fed := path.Join(b.dir, fedFolder, n)
		if there, err := env.Exists(b.files, fed); err != nil {
			return err
		} else if there {
			return fmt.Errorf("%s was fed before: %s is there; to feed it once more, give it another name", path.Join(b.dir, n), fed)
		}
	}
	return b.move(names, ".", feedingFolder)
}

// dropClaimed removes the old names of files of a round, which a power cut may
// leave beside the new ones.
func (b *Box) dropClaimed(names []string) error {
	if err := b.files.SyncDir(path.Join(b.dir, feedingFolder)); err != nil {
		return err
	}
	for _, n := range names {
		if err := b.files.Remove(path.Join(b.dir, n)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return b.files.SyncDir(b.dir)
}

// retire ends a round: its files are fed.
func (b *Box) retire() error {
	all := &Box{known: b.known, files: b.files, dir: b.dir}
	names, err := all.letterFiles(feedingFolder)
	if err != nil {
		return err
	}
	if err := b.move(names, feedingFolder, fedFolder); err != nil {
		return err
	}
	if err := env.RemoveAll(b.files, path.Join(b.dir, feedingFolder)); err != nil {
		return err
	}
	return b.files.SyncDir(b.dir)
}

// move moves files from one folder of the box to another, durably. The folder is
// durable before there is anything in it: one that is not takes with it what is.
func (b *Box) move(names []string, from, to string) error {
	from, to = path.Join(b.dir, from), path.Join(b.dir, to)
	if err := b.files.MkdirAll(to); err != nil {
		return err
	}
	if err := b.files.SyncDir(b.dir); err != nil {
		return err
	}
	for _, n := range names {
		if err := b.files.Rename(path.Join(from, n), path.Join(to, n)); err != nil {
			return err
		}
	}
	for _, dir := range []string{to, from} {
		if err := b.files.SyncDir(dir); err != nil {
			return err
		}
	}
	return nil
}

// isFeeding reports whether a round is unfinished.
func (b *Box) isFeeding() (bool, error) {
	return env.Exists(b.files, path.Join(b.dir, feedingFolder))
}

// stateDir is where a round keeps its checkpoints.
func (b *Box) stateDir() string { return path.Join(b.dir, feedingFolder, stateFolder) }
