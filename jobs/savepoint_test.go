package jobs

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/status"
)

// TestSavepointAcrossStores moves a job by savepoints from one store of rows to another, at
// other parallelisms: rows in files, in Badger, and all in memory. Each savepoint is moved
// before it is begun with. The output is that of a job that was never stopped.
func TestSavepointAcrossStores(t *testing.T) {
	const inFiles, inBadger, inMemory = "memory: 64KiB\n", "memory: 64KiB\nrow_store: badger\n", "memory: none\n"
	want := travel(t, []string{inMemory}, 1)
	for _, stores := range [][]string{{inFiles, inBadger, inMemory}, {inBadger, inFiles, inFiles}, {inMemory, inBadger, inFiles}} {
		if got := travel(t, stores, 3); !slices.Equal(got, want) {
			t.Errorf("%q: %d rows, want %d, or they differ", stores, len(got), len(want))
		}
	}
}

// travel runs a job in lives: in each it reads three files more, if there are three of them,
// and goes on from a savepoint of the one before.
func travel(t *testing.T, stores []string, parallelism int) []string {
	t.Helper()
	dir := t.TempDir()
	in := func(names ...string) string { return filepath.Join(append([]string{dir}, names...)...) }
	put := func(name, content string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(in("in"), 0o700); err != nil {
		t.Fatal(err)
	}
	const inputs = 3
	read, next := int64(0), 0
	for life, store := range stores {
		for ; next*len(stores) < (life+1)*inputs; next++ {
			put(in("in", fmt.Sprintf("%d.csv", next)), kinds(500*next, 10*next))
			read += int64(reopenedKinds - 500*next)
		}
		put(in("job.yaml"), reopeningJob+store)
		job, err := Load(builtin.Registry(), env.OS{}, in("job.yaml"), nil)
		if err != nil {
			t.Fatal(err)
		}
		o := Options{Env: env.Real(), StateDir: in(fmt.Sprint("state-", life)), Parallelism: 1 + life%parallelism}
		o.Env.Random = env.NewRandom(rand.New(rand.NewPCG(uint64(life), 2)))
		if life > 0 {
			o.Savepoint = in(fmt.Sprint("moved-", life-1))
		}
		run, err := Start(job, o)
		if err != nil {
			t.Fatal(err)
		}
		untilRowsReach(t, run, "sums", read)
		end(t, run, life == len(stores)-1, in(fmt.Sprint("savepoint-", life)), in(fmt.Sprint("moved-", life)))
	}
	got := rows(t, env.OS{}, in("out"))
	slices.Sort(got)
	return got
}

// end ends a run: the last is drained, others leave a savepoint, which is moved.
func end(t *testing.T, run *Run, last bool, savepoint, moved string) {
	t.Helper()
	if last {
		run.Drain()
	} else if err := run.StopWithSavepoint(savepoint); err != nil {
		t.Fatal(err)
	}
	if _, err := run.Wait(); err != nil {
		t.Fatal(err)
	}
	if !last {
		if err := os.Rename(savepoint, moved); err != nil {
			t.Fatal(err)
		}
	}
}

// TestStopWithSavepoint leaves a savepoint and nothing else, once.
func TestStopWithSavepoint(t *testing.T) {
	fs := files(t, map[string]string{"job.yaml": reopeningJob, "in/0.csv": kinds(0, 0)})
	run := startReopening(t, fs, 1, Options{})
	untilRowsReach(t, run, "sums", reopenedKinds)
	if err := run.StopWithSavepoint("savepoint"); err != nil {
		t.Fatal(err)
	}
	if err := run.StopWithSavepoint("another"); err == nil || !strings.Contains(err.Error(), "the job is being stopped already") {
		t.Errorf("a second stop gives %v", err)
	}
	last, err := run.Wait()
	if err != nil || last.State != status.Stopped {
		t.Fatalf("%s: %v", last.State, err)
	}
	names, err := fs.ReadDir("savepoint")
	if err != nil || !slices.Equal(names, []string{"savepoint", "state/"}) {
		t.Errorf("it holds %q, %v", names, err)
	}
	if there, _ := env.Exists(fs, "another"); there {
		t.Error("what was never begun is there")
	}
}

// A savepoint does not lie among checkpoints.
func TestSavepointAmongCheckpoints(t *testing.T) {
	for dir, want := range map[string]bool{
		"state": true, "state/saved": true, "./state/../state/a/b": true, "states": false, "saved": false, "state/../saved": false, "..": false,
	} {
		if got := isWithin(dir, "state"); got != want {
			t.Errorf("%s lies within state: %v", dir, got)
		}
	}
	files := memfs.New()
	if err := files.MkdirAll("state"); err != nil {
		t.Fatal(err)
	}
	if _, err := newSavepoint(files, "state", "state/saved"); err == nil || !strings.Contains(err.Error(), "state/saved is within the folder of the job's checkpoints") {
		t.Errorf("it says %v", err)
	}
}
