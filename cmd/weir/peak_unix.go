//go:build linux || darwin || freebsd

package main

import (
	"runtime"
	"syscall"
)

// mostMemory returns how much memory this process took at most, 0 where nobody knows.
func mostMemory() int64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return int64(u.Maxrss)
	}
	return int64(u.Maxrss) << 10
}
