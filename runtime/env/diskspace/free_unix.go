//go:build linux || darwin || freebsd

package diskspace

import (
	"fmt"
	"math"
	"syscall"
)

// Free returns how many bytes the disk that a folder lies on has left for this process.
func Free(dir string) (int64, error) {
	var s syscall.Statfs_t
	for {
		err := syscall.Statfs(dir, &s)
		if err == nil {
			break
		}
		if err != syscall.EINTR {
			return 0, fmt.Errorf("statfs %s: %w", dir, err)
		}
	}
	blocks, each := uint64(max(s.Bavail, 0)), uint64(s.Bsize)
	if each > 0 && blocks > math.MaxInt64/each {
		return math.MaxInt64, nil
	}
	return int64(blocks * each), nil
}
