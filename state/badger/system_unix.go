//go:build linux || darwin || freebsd

package badger

import (
	"io/fs"
	"syscall"
)

// onDisk returns what a file takes, which is less than its size where it has holes.
func onDisk(info fs.FileInfo) int64 {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return s.Blocks * 512
	}
	return info.Size()
}
