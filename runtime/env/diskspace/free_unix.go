//go:build linux || darwin || freebsd

package diskspace

import (
	"fmt"
	"math"
	"syscall"
)

// Space returns how many bytes the disk that a folder lies on has left for this process, and
// how many it has in all.
func Space(dir string) (free, total int64, err error) {
	var s syscall.Statfs_t
	for {
		err := syscall.Statfs(dir, &s)
		if err == nil {
			break
		}
		if err != syscall.EINTR {
			return 0, 0, fmt.Errorf("statfs %s: %w", dir, err)
		}
	}
	each := uint64(s.Bsize)
	return bytesOf(uint64(max(s.Bavail, 0)), each), bytesOf(uint64(s.Blocks), each), nil
}

// bytesOf returns how many bytes blocks have, or the most that there can be.
func bytesOf(blocks, each uint64) int64 {
	if each > 0 && blocks > math.MaxInt64/each {
		return math.MaxInt64
	}
	return int64(blocks * each)
}
