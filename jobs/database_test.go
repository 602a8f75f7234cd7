package jobs

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
)

// TestRowsInBadger: a job has the same results where Badger keeps the rows that memory has no
// room for, and leaves no database.
func TestRowsInBadger(t *testing.T) {
	plain := &runFiles{FS: memfs.New()}
	if _, err := runWith(t, manyKeys, plain); err != nil {
		t.Fatal(err)
	}
	want := rows(t, plain, "out")
	slices.Sort(want)

	dir := t.TempDir()
	file := filepath.Join(dir, "job.yaml")
	if err := os.WriteFile(file, []byte(manyKeys+"memory: 64KiB\nrow_store: badger\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	loaded, err := Load(builtin.Registry(), env.OS{}, file, nil)
	if err != nil {
		t.Fatal(err)
	}
	e := env.Real()
	e.Random = env.NewRandom(rand.New(rand.NewPCG(1, 2)))
	run, err := Start(loaded, Options{Env: e, StateDir: filepath.Join(dir, "state"), Parallelism: 2})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := run.Wait(); err != nil {
		t.Fatal(err)
	}
	if run.database.store == nil {
		t.Error("no row went to the database")
	}
	got := rows(t, env.OS{}, filepath.Join(dir, "out"))
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("%d rows, want %d, or they differ", len(got), len(want))
	}
	names, err := (env.OS{}).ReadDir(filepath.Join(dir, "state"))
	if err != nil || slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(n, rowsFolder) }) {
		t.Errorf("what is left is %q, %v", names, err)
	}
}

// TestBadgerNeedsRealFiles: files in memory are no place for a database.
func TestBadgerNeedsRealFiles(t *testing.T) {
	files := memfs.New()
	write(t, files, "job.yaml", manyKeys+"memory: 64KiB\nrow_store: badger\n")
	loaded, err := Load(builtin.Registry(), files, "job.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	e := env.Real()
	e.Files = files
	_, err = Start(loaded, Options{Env: e, StateDir: "state"})
	if err == nil || !strings.Contains(err.Error(), "row_store: badger keeps rows in real files only; use row_store: files") {
		t.Error(err)
	}
}
