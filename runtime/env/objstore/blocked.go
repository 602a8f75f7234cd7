package objstore

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"syscall"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/failure"
)

// blocked says of an error at a path what stands in the way there, if that is why.
// It stays until somebody moves it away, so the error is fatal. Other errors are
// returned as they are: a store may pass over what it cannot tell.
func (d *Dir) blocked(file string, err error) error {
	if !isOfWrongKind(err) {
		return err
	}
	if what := d.obstacle(file); what != "" {
		return failure.Fatal(obstructed(what))
	}
	return err
}

// obstructed says what stands in the way; it is ErrBlocked.
type obstructed string

func (o obstructed) Error() string { return string(o) }

// Is implements what errors.Is asks for.
func (o obstructed) Is(target error) bool { return target == ErrBlocked }

// isOfWrongKind reports whether an error can come of a file in place of a folder or
// the other way round.
func isOfWrongKind(err error) bool {
	for _, kind := range []error{syscall.ENOTDIR, syscall.EISDIR, fs.ErrExist, env.ErrNotRegular} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

// obstacle says what keeps a file from being at a path; "" if nothing does.
func (d *Dir) obstacle(file string) string {
	for _, folder := range above(file) {
		if _, err := d.files.ReadDir(folder); errors.Is(err, syscall.ENOTDIR) {
			if folder == d.root || len(folder) < len(d.root) {
				return fmt.Sprintf("%s is not a folder: name another one, or move it away", folder)
			}
			return fmt.Sprintf("%s is not a folder, and weir needs a folder of that name: move it away", folder)
		}
	}
	if _, err := d.files.ReadDir(file); err == nil {
		return fmt.Sprintf("%s is a folder, and weir keeps a file of that name: move it away", file)
	}
	if err := env.CheckRegular(d.files, file); errors.Is(err, env.ErrNotRegular) {
		return fmt.Sprintf("%s is neither a file nor a folder: move it away", file)
	}
	return ""
}

// above returns the folders that a path leads through, the outermost first.
func above(file string) (folders []string) {
	for dir := path.Dir(file); dir != "." && dir != path.Dir(dir); dir = path.Dir(dir) {
		folders = append([]string{dir}, folders...)
	}
	return folders
}
