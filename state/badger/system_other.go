//go:build !(linux || darwin || freebsd)

package badger

import "io/fs"

func onDisk(info fs.FileInfo) int64 { return info.Size() }
