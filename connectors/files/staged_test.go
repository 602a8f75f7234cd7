package files

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// TestStagedFilesThatChange has a staged file shrink, grow or vanish behind its
// checkpoint, before any of its commit or in the middle of it. The next process names
// it and shows nothing, as often as it tries, and shows all rows once it is back.
func TestStagedFilesThatChange(t *testing.T) {
	trial.Run(t, 300, func(c *trial.Case) {
		w := stage(c)
		w.commitInPart()
		w.change()
		c.Describe(func() string { return fmt.Sprintf("%v, %s: %s", w.values, w.name, w.happened) })
		w.checkRefused()
		if err := removeIfThere(w.fs, w.name); err != nil {
			c.Fatal(err)
		}
		writeFile(c, w.fs, w.name, w.content)
		if err := w.own(2, 0).commit(1, w.pending); err != nil {
			c.Fatalf("the file is back: %v", err)
		}
		w.checkVisible(w.rows)
	})
}

// waiting is a checkpoint whose files wait for their commit.
type waiting struct {
	c       *trial.Case
	env     env.Env
	fs      *memfs.FS
	values  map[string]string
	rows    []string
	pending stream.Pending
	staged  []staged
	begun   bool // its commit, which shows files

	name     string // of the file that something happens to
	content  string // as it was
	happened string
}

// stage writes some files and prepares them.
func stage(c *trial.Case) *waiting {
	compressions := []string{"none", "gzip", "zstd"}
	w := &waiting{c: c, values: map[string]string{"path": "out", "compression": compressions[c.Random.IntN(3)]}}
	w.env, w.fs = memEnv()
	o := w.own(1, int64(c.Random.IntN(2)))
	pool := record.NewCheckedPool()
	for range c.Random.IntN(4) {
		n := c.Random.IntN(5)
		if err := o.writer.Write(rowsOf(pool, len(w.rows), n)); err != nil {
			c.Fatal(err)
		}
		w.rows = append(w.rows, wantIDs(len(w.rows), n)...)
	}
	var err error
	w.pending, err = o.write(1, rowsOf(pool, len(w.rows), 1))
	w.rows = append(w.rows, wantIDs(len(w.rows), 1)...)
	if err := errors.Join(err, pool.Check()); err != nil {
		c.Fatal(err)
	}
	if w.staged, err = decode([]stream.Pending{w.pending}); err != nil {
		c.Fatal(err)
	}
	return w
}

// own starts a process. With a roll size each batch has a file of its own.
func (w *waiting) own(generation uint64, rollSize int64) owner {
	s := openSink(w.c, w.values)
	s.(*sink).rollSize = rollSize
	o, err := ownSink(w.c, w.env, s, "run", generation, nil)
	if err != nil {
		w.c.Fatal(err)
	}
	return o
}

// commitInPart kills the process before its commit, or in the middle of it, before a
// staging name goes.
func (w *waiting) commitInPart() {
	o, left := w.own(1, 0), w.c.Random.IntN(2+len(w.staged))
	killed := errors.New("killed")
	w.fs.Inject(func(op memfs.Op) memfs.Outcome {
		if op.Changes() {
			left--
		}
		if left < 0 || op.Kind == memfs.Remove {
			return memfs.Outcome{Err: killed}
		}
		return memfs.Outcome{}
	})
	if err := o.commit(1, w.pending); !errors.Is(err, killed) {
		w.c.Fatal(err)
	}
	w.fs.Inject(nil)
	var err error
	if w.begun, err = env.Exists(w.fs, "out/.weir/job/sink/run/begun-1"); err != nil {
		w.c.Fatal(err)
	}
}

// change changes one of the staged files.
func (w *waiting) change() {
	random := w.c.Random
	file := w.staged[random.IntN(len(w.staged))]
	w.name = "out/" + file.Staging
	content, err := env.ReadFile(w.fs, w.name)
	if err == nil {
		err = w.fs.Remove(w.name)
	}
	if err != nil {
		w.c.Fatal(err)
	}
	w.content = string(content)
	switch kind := random.IntN(3); {
	case kind == 0:
		w.happened = "it grew"
		writeFile(w.c, w.fs, w.name, w.content+strings.Repeat("x", 1+random.IntN(9)))
	case kind == 1 || w.begun:
		w.happened = "it shrank"
		writeFile(w.c, w.fs, w.name, w.content[:random.IntN(len(content))])
	default: // once its commit has begun, somebody may have taken it
		w.happened = "it vanished"
	}
}

// checkRefused has two processes, one after the other, repeat the commit.
func (w *waiting) checkRefused() {
	shown := visible(w.c, w.env, "out")
	for range 2 {
		err := w.own(2, 0).commit(1, w.pending)
		if err == nil || !strings.Contains(err.Error(), w.name) {
			w.c.Fatalf("%s, and the commit ends with %v", w.happened, err)
		}
		w.checkVisible(shown)
	}
}

// checkVisible compares what readers of the folder see with rows.
func (w *waiting) checkVisible(want []string) {
	got := visible(w.c, w.env, "out")
	slices.Sort(got)
	if want = slices.Sorted(slices.Values(want)); !slices.Equal(got, want) {
		w.c.Fatalf("%s: visible are %q, want %q", w.happened, got, want)
	}
}
