package files

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"unicode/utf8"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/failure"
)

// standard is the path that means standard input or output.
const standard = "-"

// file is one file of a source. Its name stays the same when the job and its
// data move to another folder: positions and splits go by it. It is quoted where
// checkpoints could not hold it otherwise, because it is not UTF-8.
type file struct {
	name string
	path string
}

// expand returns the files that paths stand for, in order: those of a folder or
// of a pattern by name. Each path has to stand for some.
func expand(files env.FS, paths []string) ([]file, error) {
	return list(files, paths, func(p string) ([]file, error) {
		found, err := expandOne(files, p)
		if err == nil && len(found) == 0 {
			err = nothingThere(files, p)
		}
		return found, err
	})
}

// list returns the files that each path stands for, by a function, under names
// of their own.
func list(files env.FS, paths []string, one func(p string) ([]file, error)) ([]file, error) {
	var all []file
	for i, p := range paths {
		found, err := one(p)
		if err != nil {
			return nil, fmt.Errorf("file source: %w", err)
		}
		for _, f := range found {
			if !utf8.ValidString(f.name) {
				f.name = strconv.QuoteToASCII(f.name)
			}
			if len(paths) > 1 {
				f.name = fmt.Sprintf("%d/%s", i+1, f.name)
			}
			all = append(all, f)
		}
	}
	return all, nil
}

// expandOne returns the files of one path, none where a folder or a pattern has
// none.
func expandOne(files env.FS, p string) ([]file, error) {
	if p == standard {
		return []file{{standard, standard}}, nil
	}
	if isPattern(p) && !isThere(files, p) {
		found, err := match(files, p)
		if err == nil {
			err = refuseFolders(p, found)
		} else if errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("%w, where the pattern %s looks for files", err, p)
		}
		return withoutMarkers(files, found), err
	}
	found, err := matchIn(files, strings.TrimSuffix(p, "/"), []string{"*"})
	if !errors.Is(err, syscall.ENOTDIR) && !errors.Is(err, fs.ErrNotExist) {
		return withoutMarkers(files, found), err
	}
	if _, err := files.Size(p); err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", p, err)
	}
	return []file{{path.Base(p), p}}, nil
}

// isThere reports whether a path names a file or a folder as it is: data[1].csv is also
// a name.
func isThere(files env.FS, p string) bool {
	_, err := files.Size(p)
	if err != nil {
		_, err = files.ReadDir(p)
	}
	return err == nil
}

// withoutMarkers leaves out the files that nothing is in, beside others: by being there
// they say that those are complete, or the like. A file that is named by itself is read.
func withoutMarkers(files env.FS, found []file) []file {
	if filled := withoutEmpty(files, slices.Clone(found)); len(filled) > 0 {
		return filled
	}
	return found
}

func withoutEmpty(files env.FS, found []file) []file {
	return slices.DeleteFunc(found, func(f file) bool {
		size, err := files.Size(f.path)
		return err == nil && size == 0 && !strings.HasSuffix(f.path, "/")
	})
}

var errNoFiles = errors.New("no files there")

// nothingThere is the error for a path that stands for no file. It names some of
// those that are in the folder, one of which may have been meant.
func nothingThere(files env.FS, p string) error {
	const most = 3
	dir, _ := cut(p)
	names, err := files.ReadDir(dir)
	if err != nil {
		return err
	}
	names = slices.DeleteFunc(names, func(n string) bool { return strings.HasPrefix(n, ".") })
	hint := "is empty"
	if n := len(names); n > 0 {
		hint = "holds " + strings.Join(names[:min(n, most)], ", ")
		if n > most {
			hint += fmt.Sprintf(" and %d more", n-most)
		}
	}
	return failure.Fatal(fmt.Errorf("%s: %w; folder %s %s", p, errNoFiles, dir, hint))
}
