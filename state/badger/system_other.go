//go:build !(linux || darwin || freebsd)

package badger

import (
	"io/fs"
	"os"
)

// lockFolder does nothing here: Badger itself locks each database.
func lockFolder(string) (*os.File, error) { return nil, nil }

func unlockFolder(*os.File) error { return nil }

func onDisk(info fs.FileInfo) int64 { return info.Size() }
