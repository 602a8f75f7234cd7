//go:build !(linux || darwin || freebsd)

package env

import (
	"errors"
	"fmt"
	"os"
)

// lockFile fails: weir knows no lock here that ends with the process.
func lockFile(_ *os.File, dir string) error {
	return fmt.Errorf("lock %s: %w on this operating system", dir, errors.ErrUnsupported)
}
