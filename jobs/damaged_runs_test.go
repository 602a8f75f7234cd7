package jobs

import (
	"errors"
	"io/fs"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/failure"
)

// spoilingFiles spoils one of the files that rows of state go to, when it is opened to be read.
type spoilingFiles struct {
	*memfs.FS
	spoil func(is, before []byte) []byte // the file, and the one that was opened before; nil is no file

	mu     sync.Mutex
	left   int // files that are opened before it
	before []byte
}

func (f *spoilingFiles) Open(name string) (env.File, error) {
	if strings.HasSuffix(name, ".run") {
		if err := f.maybeSpoil(name); err != nil {
			return nil, err
		}
	}
	return f.FS.Open(name)
}

func (f *spoilingFiles) maybeSpoil(name string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	is, err := env.ReadFile(f.FS, name)
	before := f.before
	f.before = is
	if f.left--; err != nil || f.left != 0 {
		return err
	}
	err = f.FS.Remove(name)
	if spoiled := f.spoil(is, before); err == nil && spoiled != nil {
		err = env.WriteFile(f.FS, name, spoiled)
	}
	return err
}

// spoilings are what becomes of files of rows.
var spoilings = map[string]func(is, before []byte) []byte{
	"turned by a bit at the beginning": func(is, _ []byte) []byte { return turned(is, 0) },
	"turned by a bit in the middle":    func(is, _ []byte) []byte { return turned(is, len(is)/2) },
	"turned by a bit at the end":       func(is, _ []byte) []byte { return turned(is, len(is)-1) },
	"cut in half":                      func(is, _ []byte) []byte { return is[:len(is)/2] },
	"empty":                            func([]byte, []byte) []byte { return []byte{} },
	"gone":                             func([]byte, []byte) []byte { return nil },
	"the one before":                   func(_, before []byte) []byte { return before },
}

func turned(content []byte, at int) []byte {
	content = slices.Clone(content)
	content[at] ^= 1 << (at % 8)
	return content
}

// namesRun is how the messages about runs name one.
var namesRun = regexp.MustCompile(`state table "[^"]+": runs: .*run \d+`)

// TestDamagedRuns: whatever becomes of a file to which rows of state have gone, the job ends, names
// the run, and has the right rows when it is started again: those of the checkpoint. The rows of
// sessions have runs of their times beside them.
func TestDamagedRuns(t *testing.T) {
	for _, window := range []string{"tumble: 1mo", "session: 2h"} {
		job := strings.NewReplacer("30000", "6000", "9000", "2000", "tumble: 1mo", window, "50ms", "5ms").Replace(manyKeys)
		plain := memfs.New()
		if err := endSpoiled(t, job+"memory: none\n", plain, plain); err != nil {
			t.Fatal(err)
		}
		want := rows(t, plain, "out")
		slices.Sort(want)
		for what, spoil := range spoilings {
			found := 0
			for _, at := range []int{2, 3, 9} {
				files := &spoilingFiles{FS: memfs.New(), spoil: spoil, left: at}
				err := endSpoiled(t, job+"memory: 16KiB\n", files, files.FS)
				if err != nil {
					found++
					if failure.ClassOf(err) != failure.ClassRestart || !namesRun.MatchString(err.Error()) {
						t.Errorf("%s: file %d is %s, and the message is of class %q: %v", window, at, what, failure.ClassOf(err), err)
					}
					err = endSpoiled(t, job+"memory: 16KiB\n", files.FS, files.FS)
				}
				got := rows(t, files, "out")
				if slices.Sort(got); err != nil || !slices.Equal(got, want) {
					t.Errorf("%s: file %d is %s: %d rows, want %d, or they differ: %v", window, at, what, len(got), len(want), err)
				}
			}
			if found == 0 {
				t.Errorf("%s: nobody has noticed that a file is %s", window, what)
			}
		}
	}
}

// endSpoiled runs a job to its end. Each start draws other numbers: they name what it writes.
func endSpoiled(t *testing.T, job string, files env.FS, below *memfs.FS) error {
	t.Helper()
	if err := below.Remove("job.yaml"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	write(t, below, "job.yaml", job)
	loaded, err := Load(builtin.Registry(), files, "job.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	e := env.Real()
	e.Files, e.Random = files, env.NewRandom(rand.New(rand.NewPCG(rand.Uint64(), 0)))
	run, err := Start(loaded, Options{Env: e, StateDir: "state", Parallelism: 2})
	if err != nil {
		return err
	}
	_, err = run.Wait()
	return err
}
