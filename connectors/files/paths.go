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
// of a pattern such as "data/*.csv" by name.
func expand(files env.FS, paths []string) ([]file, error) {
	var all []file
	for i, p := range paths {
		found, err := expandOne(files, p)
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

func expandOne(files env.FS, p string) ([]file, error) {
	if p == standard {
		return []file{{standard, standard}}, nil
	}
	dir, base := path.Split(p)
	if strings.ContainsAny(base, "*?[") {
		return match(files, cleanDir(dir), base)
	}
	found, err := match(files, strings.TrimSuffix(p, "/"), "*")
	if !errors.Is(err, syscall.ENOTDIR) && !errors.Is(err, fs.ErrNotExist) {
		return found, err
	}
	if _, err := files.Size(p); err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", p, err)
	}
	return []file{{base, p}}, nil
}

func cleanDir(dir string) string { return path.Clean(dir + ".") }

var errNoFiles = errors.New("no files there")

// match returns the files of a folder whose names fit a pattern. Names that
// begin with a dot are hidden: staging and the like.
func match(files env.FS, dir, pattern string) ([]file, error) {
	names, err := files.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("folder %s: %w", dir, err)
	} else if err != nil {
		return nil, err
	}
	var found []file
	for _, n := range names {
		fits, err := path.Match(pattern, n)
		if err != nil {
			return nil, fmt.Errorf("%q is not a pattern of file names: %w", pattern, err)
		}
		if fits && !strings.HasSuffix(n, "/") && !strings.HasPrefix(n, ".") {
			found = append(found, file{n, path.Join(dir, n)})
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%s/%s: %w", dir, pattern, errNoFiles)
	}
	slices.SortFunc(found, func(a, b file) int { return strings.Compare(a.name, b.name) })
	return found, nil
}
