//go:build !(linux || darwin || freebsd)

package diskspace

import "errors"

// Free returns how many bytes the disk that a folder lies on has left for this process.
// On this system weir does not know.
func Free(string) (int64, error) { return 0, errors.ErrUnsupported }
