package badger_test

import (
	"os"
	"testing"

	"github.com/weirstream/weir/runtime/env/diskspace"
	"github.com/weirstream/weir/state/badger"
	"github.com/weirstream/weir/state/runs"
	"github.com/weirstream/weir/state/runs/runstest"
)

// small makes everything happen within a few MiB.
var small = badger.Options{MemTable: 2 << 20, Database: 1 << 20}

func TestStore(t *testing.T) {
	runstest.Verify(t, func(t *testing.T) runs.ChunkStore {
		s, _ := open(t, folder(t)+"/some/where", "", small)
		t.Cleanup(func() { must(t, s.Close("")) })
		return s
	})
}

// folder returns an empty folder, in memory where there is enough of that: most of the time
// goes into syncing files.
func folder(t testing.TB) string {
	const memory = "/dev/shm"
	if free, err := diskspace.Free(memory); err != nil || free < 1<<30 {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp(memory, "weir-badger-")
	must(t, err)
	t.Cleanup(func() { must(t, os.RemoveAll(dir)) })
	return dir
}

func open(t testing.TB, dir, want string, options badger.Options) (*badger.Store, badger.Found) {
	t.Helper()
	s, found, err := badger.Open(dir, want, options)
	must(t, err)
	return s, found
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
