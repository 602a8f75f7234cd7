// Package disktest mounts small disks, for tests that fill them.
package disktest

import (
	"os/exec"
	"testing"
)

// Mount mounts a disk in memory until the test ends, and returns its folder. The size is as mount
// takes it, such as "32m". It takes root on Linux.
func Mount(t testing.TB, size string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size="+size, "tmpfs", dir).CombinedOutput(); err != nil {
		t.Fatalf("mounting a tmpfs, which takes root on Linux: %v %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
			t.Errorf("%v %s", err, out)
		}
	})
	return dir
}
