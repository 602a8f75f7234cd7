package runs_test

import (
	"errors"
	"regexp"
	"testing"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/trial"
	"github.com/weirstream/weir/state/runs"
	"github.com/weirstream/weir/state/runs/runstest"
)

func TestStores(t *testing.T) {
	for name, open := range map[string]func(t *testing.T) runs.ChunkStore{
		"memory":                        func(*testing.T) runs.ChunkStore { return runs.NewMemory() },
		"files of memfs":                func(t *testing.T) runs.ChunkStore { return openFiles(t, memfs.New(), "some/where") },
		"files of the operating system": func(t *testing.T) runs.ChunkStore { return openFiles(t, env.OS{}, t.TempDir()+"/some/where") },
	} {
		t.Run(name, func(t *testing.T) { runstest.Verify(t, open) })
	}
}

func openFiles(t testing.TB, files env.FS, dir string) runs.Files {
	t.Helper()
	s, err := runs.OpenFiles(files, dir)
	must(t, err)
	return s
}

// TestFailingFiles has each operation on files fail in turn, with and without its effect.
// A change that failed is told, a read that failed is told or gave what is right; and
// another try behind a Drop goes well.
func TestFailingFiles(t *testing.T) {
	fault := errors.New("fault")
	for _, outcome := range []memfs.Outcome{{Err: fault}, {Err: fault, After: true}, {Err: fault, Written: 100}} {
		for at := 0; ; at++ {
			files := memfs.New()
			s := openFiles(t, files, "dir")
			n, changes := 0, false
			files.Inject(func(op memfs.Op) memfs.Outcome {
				if n++; n-1 == at {
					changes = op.Changes()
					return outcome
				}
				return memfs.Outcome{}
			})
			meta, err := runstest.Write(s, 7, 200)
			if err == nil {
				err = runstest.Check(s, 7, meta)
			}
			if told := errors.Is(err, fault); err != nil && !told || changes && !told {
				t.Fatalf("operation %d of %d fails: %v", at, n, err)
			}
			files.Inject(nil)
			if n <= at {
				break
			}
			must(t, s.Drop(7))
			meta, err = runstest.Write(s, 7, 200)
			must(t, err)
			must(t, runstest.Check(s, 7, meta))
		}
	}
}

// refused is how a run that a crash left incomplete is refused.
var refused = regexp.MustCompile(`^runs: run 7: chunk \d+ at offset \d+: (damaged: CRC-32C is|\d+ of \d+ bytes are there: cut off\?)`)

// TestPowerCut cuts the power at any operation, or behind the last. The run is missing, right,
// or refused.
func TestPowerCut(t *testing.T) {
	found := map[string]bool{}
	whole := trial.Run(t, 300, func(c *trial.Case) {
		files := memfs.New()
		s := openFiles(c, files, "dir")
		must(c, files.SyncDir("."))
		var crashed *memfs.FS
		n, at := 0, c.Random.IntN(40)
		files.Inject(func(memfs.Op) memfs.Outcome {
			if n++; n-1 == at {
				crashed = files.CrashClone(c.Random)
			}
			return memfs.Outcome{}
		})
		meta, err := runstest.Write(s, 7, 200)
		must(c, err)
		files.Inject(nil)
		if crashed == nil {
			crashed = files.CrashClone(c.Random)
		}
		err = runstest.Check(openFiles(c, crashed, "dir"), 7, meta)
		switch {
		case err == nil:
			found["right"] = true
		case runstest.Other(err):
			c.Fatalf("crash before operation %d of %d: %v", at, n, err)
		case errors.Is(err, runs.ErrNoRun):
			found["missing"] = true
		case refused.MatchString(err.Error()):
			found["refused "+refused.FindStringSubmatch(err.Error())[1][:2]] = true
		default:
			c.Fatalf("refused, but how: %v", err)
		}
	})
	if whole && len(found) < 3 {
		t.Errorf("power cuts left only %v", found)
	}
}
