package jobs

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/status"
)

// runFiles counts the files that runs of rows are written to, and can refuse to read them, or
// say how much of a large disk is free.
type runFiles struct {
	env.FS
	made    atomic.Int64
	refused error
	free    func() int64
}

func (f *runFiles) Space(string) (free, total int64, err error) {
	if f.free == nil {
		return 0, 0, errors.ErrUnsupported
	}
	return f.free(), 100 << 30, nil
}

func (f *runFiles) Create(name string) (env.File, error) {
	if strings.HasSuffix(name, ".run") {
		f.made.Add(1)
	}
	return f.FS.Create(name)
}

func (f *runFiles) Open(name string) (env.File, error) {
	if strings.HasSuffix(name, ".run") && f.refused != nil {
		return nil, f.refused
	}
	return f.FS.Open(name)
}

const manyKeys = `name: keys
sources:
  made:
    datagen: { rows: 30000, splits: 2, columns: [n = sequence(), "at = clock(2013-01-01T00:00:00Z, 1s, 0s)"] }
    schema: { n: int64, at: timestamp }
    event_time: { column: at }
steps:
  - { id: keyed, select: [at, n, n * 7919 % 9000 AS k] }
  - id: counts
    key_by: [k]
    window: { tumble: 1mo }
    aggregate: { n: count(*), total: sum(n), least: min(n) }
sinks:
  out: { input: counts, file: { path: out }, format: csv }
checkpoint: { interval: 50ms }
`

func runWith(t *testing.T, job string, files *runFiles) (status.Job, error) {
	t.Helper()
	write(t, files.FS.(*memfs.FS), "job.yaml", job)
	loaded, err := Load(builtin.Registry(), files, "job.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	e := env.Real()
	e.Files, e.Random = files, env.NewRandom(rand.New(rand.NewPCG(1, 2)))
	run, err := Start(loaded, Options{Env: e, StateDir: "state", Parallelism: 2})
	if err != nil {
		t.Fatal(err)
	}
	return run.Wait()
}

// TestMemory: results are the same however little memory a job may take, and nothing is left
// of the rows that went to disk.
func TestMemory(t *testing.T) { testMemory(t, manyKeys, 9000, "1", "64KiB", "1MiB") }

// TestMemoryOfAnyWindow is TestMemory of windows whose rows are due by a time that is no
// bucket, and of distinct values.
func TestMemoryOfAnyWindow(t *testing.T) {
	for window, want := range map[string]int{"hop: { size: 2h, slide: 1h }": 43_800, "session: 2h": 9000, "tumble: 1h": 30_000} {
		t.Run(window, func(t *testing.T) {
			job := strings.Replace(manyKeys, "tumble: 1mo", window, 1)
			job = strings.Replace(job, "least: min(n)", "least: min(n), values: count(DISTINCT n % 5)", 1)
			testMemory(t, job, want, "64KiB")
		})
	}
}

func testMemory(t *testing.T, job string, results int, budgets ...string) {
	t.Helper()
	plain := &runFiles{FS: memfs.New()}
	if last, err := runWith(t, job+"memory: none\n", plain); err != nil || last.Memory.Budget != 0 || last.Memory.Batches.Most == 0 {
		t.Fatal(last.Memory, err)
	}
	want := rows(t, plain, "out")
	slices.Sort(want)
	if plain.made.Load() != 0 || len(want) != results {
		t.Fatalf("%d rows, %d files of rows of state", len(want), plain.made.Load())
	}
	for _, memory := range budgets {
		files := &runFiles{FS: memfs.New()}
		last, err := runWith(t, fmt.Sprintf("%smemory: %s\n", job, memory), files)
		if err != nil {
			t.Fatal(err)
		}
		if m := last.Memory; m.Budget == 0 || m.Rows.Most == 0 || m.Batches.Most == 0 || m.Checkpoints.Most == 0 {
			t.Errorf("memory: %s: %+v", memory, m)
		}
		got := rows(t, files, "out")
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("memory: %s: %d rows, want %d, or they differ", memory, len(got), len(want))
		}
		if files.made.Load() == 0 {
			t.Errorf("memory: %s: no row went to disk", memory)
		}
		names, err := files.ReadDir("state")
		if err != nil || slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(n, rowsFolder) }) {
			t.Errorf("memory: %s: what is left is %q, %v", memory, names, err)
		}
	}
}

// TestStateThatCannotBeRead is no bug, and the last checkpoint is the place to go on from.
func TestStateThatCannotBeRead(t *testing.T) {
	files := &runFiles{FS: memfs.New(), refused: fmt.Errorf("the disk is gone")}
	_, err := runWith(t, manyKeys+"memory: 64KiB\n", files)
	if err == nil || failure.ClassOf(err) != failure.ClassRestart {
		t.Fatalf("%v, of class %q", err, failure.ClassOf(err))
	}
	if text := err.Error(); !strings.Contains(text, `state table "windows": runs: opening run`) || strings.Contains(text, "bug") {
		t.Errorf("%s", text)
	}
}

// TestMemoryThatSuffices: a job whose state fits writes no rows, and makes no folder for them.
func TestMemoryThatSuffices(t *testing.T) {
	files := &runFiles{FS: memfs.New()}
	last, err := runWith(t, manyKeys+"memory: 1GiB\n", files)
	if err != nil || last.Memory.Rows.Most == 0 {
		t.Fatal(last.Memory, err)
	}
	names, err := files.ReadDir("state")
	if made := files.made.Load(); made != 0 || err != nil || slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(n, rowsFolder) }) {
		t.Errorf("%d files of rows; %q, %v", made, names, err)
	}
}

// TestMemoryOf: what the job says counts before what the machine has.
func TestMemoryOf(t *testing.T) {
	for text, want := range map[string]int64{"": 7, "memory: none": 0, "memory: 64KiB": 64 << 10} {
		files := memfs.New()
		write(t, files, "job.yaml", manyKeys+text+"\n")
		job, err := Load(builtin.Registry(), files, "job.yaml", nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := (Options{Memory: 7}).MemoryOf(job); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
	files := memfs.New()
	write(t, files, "job.yaml", manyKeys+"memory: 0\n")
	if _, err := Load(builtin.Registry(), files, "job.yaml", nil); err == nil || !strings.Contains(err.Error(), `"0" is no memory to run in; none sets no bound`) {
		t.Error(err)
	}
}
