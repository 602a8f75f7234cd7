package objstore_test

import (
	"testing"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/env/objstore/objtest"
)

// TestContract holds all implementations to what objtest says.
func TestContract(t *testing.T) {
	dir := func(t *testing.T, files env.FS, root string) objstore.Store {
		d, err := objstore.OpenDir(files, root)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for name, open := range map[string]func(t *testing.T) objstore.Store{
		"Memory":         func(*testing.T) objstore.Store { return objstore.NewMemory() },
		"Dir over memfs": func(t *testing.T) objstore.Store { return dir(t, memfs.New(), "some/where") },
		"Dir over the operating system": func(t *testing.T) objstore.Store {
			return dir(t, env.OS{}, t.TempDir()+"/some/where")
		},
	} {
		t.Run(name, func(t *testing.T) { objtest.Verify(t, open) })
	}
}
