package objstore

import (
	"errors"
	"io"
	"slices"
	"testing"

	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/trial"
)

// TestDirFailedStream has one operation of a stream fail, before its effect or behind
// it: what is under the name then is the old object or the new one, as a whole; the new
// one if the commit succeeded. Nothing is left aside.
func TestDirFailedStream(t *testing.T) {
	failed := 0
	whole := trial.Run(t, 200, func(c *trial.Case) {
		files := memfs.New()
		d := openDir(t, files, "store")
		must(c, Put(ctx, d, "state/1", []byte("old")))
		planted, at := errors.New("planted"), c.Random.IntN(9)
		files.Inject(func(op memfs.Op) memfs.Outcome {
			if at--; at != -1 || op.Kind == memfs.Remove {
				return memfs.Outcome{}
			}
			return memfs.Outcome{Err: planted, After: c.Random.IntN(2) == 0, Written: c.Random.IntN(op.Bytes + 1)}
		})
		err := Stream(ctx, d, "state/1", Replace, twice("new"))
		files.Inject(nil)
		got, getErr := Get(ctx, d, "state/1")
		must(c, getErr)
		if text := string(got); text != "newnew" && (text != "old" || err == nil) {
			c.Errorf("the stream gave %v, and there is %q", err, text)
		}
		if err != nil && !errors.Is(err, planted) {
			c.Errorf("the stream gave %v", err)
		}
		if err != nil {
			failed++
		}
		wantAside(c, files, "1")
	})
	if whole && failed < 100 {
		t.Errorf("too tame: %d streams failed", failed)
	}
}

// twice writes a text twice, and takes no notice of how that went: a writer remembers.
func twice(text string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, _ = io.WriteString(w, text)
		_, _ = io.WriteString(w, text)
		return nil
	}
}

// wantAside makes sure that nothing stands aside but the files of some numbers.
func wantAside(t testing.TB, files *memfs.FS, numbers ...string) {
	t.Helper()
	names, err := files.ReadDir("store/" + Aside)
	must(t, err)
	if !slices.Equal(names, numbers) {
		t.Errorf("aside are %q, want %q", names, numbers)
	}
}

// TestDirAbandonedStream leaves a stream in the middle, as a process does that dies: the
// next owner sweeps up its file. If it was alive after all, it is told.
func TestDirAbandonedStream(t *testing.T) {
	files := memfs.New()
	old := openDir(t, files, "store")
	w, err := old.Write(ctx, "state/1", Replace)
	must(t, err)
	must(t, twice("half")(w))
	young := openDir(t, files, "store")
	must(t, young.Sweep(ctx))
	wantAside(t, files, "2")
	if err := w.Commit(); !errors.Is(err, ErrSwept) {
		t.Errorf("the commit gave %v", err)
	}
	w.Discard()
	if _, err := young.Stat(ctx, "state/1"); !errors.Is(err, ErrNotFound) {
		t.Errorf("stat gave %v", err)
	}
	must(t, Stream(ctx, old, "state/1", Replace, twice("whole")))
	wantObject(t, young, "state/1", "wholewhole")
}
