package files

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/failure"
)

// A pattern is a path whose parts may hold what [path.Match] knows: * and ? and
// [a-z]. The part ** stands for any folders, none included, and at the end for
// all files below.

// anyFolders is the part of a pattern that fits any number of folders.
const anyFolders = "**"

func isPattern(p string) bool { return strings.ContainsAny(p, "*?[") }

// checkPattern finds patterns that would fit nothing because they are broken.
func checkPattern(p string) error {
	if !isPattern(p) {
		return nil
	}
	if _, err := path.Match(p, ""); err != nil {
		return fmt.Errorf("%q is not a pattern of file names: a [ has no ]", p)
	}
	return nil
}

// cut returns the folder in front of the first part of a path that is a
// pattern, the whole path where none is, and the parts from there on.
func cut(p string) (dir string, parts []string) {
	all := strings.Split(path.Clean(p), "/")
	i := slices.IndexFunc(all, isPattern)
	if i < 0 {
		return path.Clean(p), nil
	}
	dir = strings.Join(all[:i], "/")
	switch {
	case i == 0:
		dir = "."
	case dir == "":
		dir = "/"
	}
	return dir, all[i:]
}

// match returns the files that fit a pattern, by name. Names that begin with a
// dot are hidden, staging and the like; so are those that begin with an underscore,
// such as _SUCCESS, unless the pattern has one there. A folder whose name fits is among them, with
// a slash behind its path, where the pattern says more than * of it: somebody may
// take it for a file.
func match(files env.FS, pattern string) ([]file, error) {
	dir, parts := cut(pattern)
	return matchIn(files, dir, parts)
}

// matchIn is match for the parts of a pattern behind a folder, which has to be
// there. The files are named by their way from it.
func matchIn(files env.FS, dir string, parts []string) ([]file, error) {
	w := walk{files: files, folders: map[string][]string{}, deep: slices.Contains(parts, anyFolders)}
	if _, err := w.read(dir); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("folder %s: %w", dir, err)
		}
		return nil, err
	}
	if err := w.match(dir, "", parts); err != nil {
		return nil, err
	}
	slices.SortFunc(w.found, func(a, b file) int { return compareNames(a.name, b.name) })
	return slices.Compact(w.found), nil // two ** find a file in several ways
}

// refuseFolders is for those that have the name of a file: what is in them would be
// missing without a word.
func refuseFolders(pattern string, found []file) error {
	i := slices.IndexFunc(found, func(f file) bool { return strings.HasSuffix(f.path, "/") })
	if i < 0 {
		return nil
	}
	return failure.Fatal(fmt.Errorf("%s is a folder, and the pattern %s is one of files: move it away or, if its files are to be read, "+
		"name them, such as %s*", found[i].path, pattern, found[i].path))
}

// walk is one look through folders.
type walk struct {
	files   env.FS
	folders map[string][]string // those that have been read
	deep    bool                // the pattern goes into any folder
	found   []file
}

// read returns what is in a folder and not hidden.
func (w *walk) read(dir string) ([]string, error) {
	if names, ok := w.folders[dir]; ok {
		return names, nil
	}
	names, err := w.files.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	names = slices.DeleteFunc(names, func(n string) bool { return strings.HasPrefix(n, ".") })
	w.folders[dir] = names
	return names, nil
}

// match finds the files below a folder. A folder that goes away meanwhile has
// none.
func (w *walk) match(dir, prefix string, parts []string) error {
	names, err := w.read(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	part, rest := parts[0], parts[1:]
	if part == anyFolders {
		if len(rest) == 0 {
			rest = []string{"*"}
		}
		if err := w.match(dir, prefix, rest); err != nil {
			return err
		}
		part, rest = "*", append([]string{anyFolders}, rest...)
	}
	for _, n := range names {
		base, isFolder := strings.CutSuffix(n, "/")
		fits, _ := path.Match(part, base)
		switch {
		case !fits, strings.HasPrefix(base, "_") && !strings.HasPrefix(part, "_"):
		case isFolder && len(rest) > 0:
			if err := w.match(path.Join(dir, base), prefix+base+"/", rest); err != nil {
				return err
			}
		case isFolder && part != "*" && !w.deep:
			w.found = append(w.found, file{prefix + base, path.Join(dir, base) + "/"})
		case !isFolder && len(rest) == 0:
			w.found = append(w.found, file{prefix + base, path.Join(dir, base)})
		}
	}
	return nil
}
