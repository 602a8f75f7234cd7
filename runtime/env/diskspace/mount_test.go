//go:build mount

package diskspace

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/weirstream/weir/runtime/env/diskspace/disktest"
)

// TestRealDisk fills one.
func TestRealDisk(t *testing.T) {
	dir := disktest.Mount(t, "8m")
	g := New(dir, 2<<20)
	f, err := os.Create(filepath.Join(dir, "file"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	written, piece := 0, make([]byte, 1<<20)
	for g.Check(int64(len(piece))) == nil {
		if _, err := f.Write(piece); err != nil {
			t.Fatalf("full after %d bytes, which the guard let pass: %v", written, err)
		}
		written += len(piece)
	}
	if written != 6<<20 {
		t.Errorf("%d bytes were let pass", written)
	}
	if err := f.Truncate(1 << 20); err != nil {
		t.Fatal(err)
	}
	if err := g.Check(int64(len(piece))); err != nil {
		t.Errorf("there is room again: %v", err)
	}
	for { // beyond the reserve the disk is really full
		if _, err := f.Write(piece); err != nil {
			if !errors.Is(err, syscall.ENOSPC) {
				t.Error(err)
			}
			break
		}
	}
}
