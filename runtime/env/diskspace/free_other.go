//go:build !(linux || darwin || freebsd)

package diskspace

import "errors"

// Space returns how many bytes the disk that a folder lies on has left for this process, and
// how many it has in all. On this system weir does not know.
func Space(string) (free, total int64, err error) { return 0, 0, errors.ErrUnsupported }
