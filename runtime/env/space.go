package env

import (
	"errors"

	"github.com/weirstream/weir/runtime/env/diskspace"
)

// Space returns how many bytes the disk that a folder lies on has left for this process, and
// how many it has in all. Where the file system or the operating system cannot tell, it fails
// with [errors.ErrUnsupported].
func Space(files FS, dir string) (free, total int64, err error) {
	if f, ok := files.(interface {
		Space(dir string) (free, total int64, err error)
	}); ok {
		return f.Space(dir)
	}
	return 0, 0, errors.ErrUnsupported
}

// Space implements what the function of that name asks for.
func (OS) Space(dir string) (free, total int64, err error) { return diskspace.Space(dir) }
