//go:build !(linux || darwin || freebsd)

package main

// mostMemory returns how much memory this process took at most, 0 where nobody knows.
func mostMemory() int64 { return 0 }
