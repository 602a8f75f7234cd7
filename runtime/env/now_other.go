//go:build !linux

package env

import "os"

func openFile(name string) (File, error) { return os.Open(name) }
