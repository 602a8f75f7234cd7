package conntest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// Source is a kind of source under test.
type Source struct {
	// New returns a source that has so many splits of so many rows each, and the
	// environment to read it in. It holds no more than that, and no record of it
	// fails; [TestFailures] asks for none and takes any.
	New func(t testing.TB, splits, rows int) (stream.Source, env.Env)
	// Unbounded says that more rows may come to a split: where another would be
	// finished, it is caught up.
	Unbounded bool
	// Many says that a fetch may bring rows of many splits.
	Many bool

	splits  int  // that most tests ask for
	failing bool // records may fail
}

// TestSource runs the suite for sources.
func TestSource(t *testing.T, s Source) {
	t.Run("complete", s.testComplete)
	t.Run("several readers", s.testSeveralReaders)
	t.Run("pause and resume", s.testPause)
	t.Run("ten thousand splits", s.testManySplits)
	s.splits = 5
	s.testSplits(t)
}

// TestSingleSplit runs the part of the suite that a source of one split can
// pass. It asks New for one split.
func TestSingleSplit(t *testing.T, s Source) {
	s.splits = 1
	s.testSplits(t)
}

func (s Source) testSplits(t *testing.T) {
	t.Run("replay from every position", s.testReplay)
	t.Run("restart", s.testRestart)
	t.Run("context ends", s.testContext)
}

// fixture is one source with its environment and pool.
type fixture struct {
	suite  Source
	source stream.Source
	env    env.Env
	pool   *record.Pool
}

func (s Source) open(t testing.TB, splits, rows int, pool *record.Pool) fixture {
	t.Helper()
	source, e := s.New(t, splits, rows)
	t.Cleanup(func() {
		if err := pool.Check(); err != nil {
			t.Error(err)
		}
	})
	return fixture{s, source, e, pool}
}

// discover returns all splits, and the enumerator's state after that.
func (f fixture) discover(t testing.TB, saved []byte) ([]stream.Split, []byte) {
	t.Helper()
	en, err := f.source.NewEnumerator(f.env, saved)
	if err != nil {
		t.Fatal(err)
	}
	var splits []stream.Split
	for done := false; !done; {
		found, err := en.Discover(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		splits, done = append(splits, found.Splits...), found.Done
	}
	saved, err = en.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	return splits, saved
}

func (f fixture) reader(t testing.TB, batchRows int, splits []stream.Split) stream.Reader {
	t.Helper()
	r, err := f.source.NewReader(stream.ReaderContext{Env: f.env, Pool: f.pool, BatchRows: batchRows, Wait: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Assign(splits); err != nil {
		t.Fatal(err)
	}
	return r
}

func closeReader(t testing.TB, r stream.Reader) {
	t.Helper()
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}

// readAll reads the splits to their end.
func (f fixture) readAll(t testing.TB, batchRows int, splits []stream.Split) *reading {
	t.Helper()
	r := f.suite.newReading()
	reader := f.reader(t, batchRows, splits)
	r.finish(t, reader, len(splits))
	closeReader(t, reader)
	return r
}

func (s Source) testComplete(t *testing.T) {
	const splits, rows = 3, 100
	f := s.open(t, splits, rows, record.NewCheckedPool())
	found, _ := f.discover(t, nil)
	if len(found) != splits {
		t.Fatalf("%d splits, want %d", len(found), splits)
	}
	want := f.readAll(t, 1024, found)
	for _, split := range found {
		if n := len(want.rows[split.ID]); n != rows {
			t.Errorf("split %q has %d rows, want %d", split.ID, n, rows)
		}
	}
	for _, batchRows := range []int{1, 7, 100} {
		if got := f.readAll(t, batchRows, found); !maps.EqualFunc(got.rows, want.rows, slices.Equal) {
			t.Errorf("batches of %d rows: other rows than with 1024", batchRows)
		}
	}
}

func (s Source) testReplay(t *testing.T) {
	f := s.open(t, s.splits, 60, record.NewCheckedPool())
	found, _ := f.discover(t, nil)
	f.replay(t, found, 7, 13)
}

func (s Source) testRestart(t *testing.T) {
	trial.Run(t, 3, func(c *trial.Case) {
		f := s.open(c, s.splits, 60, record.NewCheckedPool())
		found, saved := f.discover(c, nil)
		want := f.readAll(c, 1024, found)
		got := s.newReading()
		for _, split := range found {
			got.next[split.ID] = split
		}
		c.Describe(func() string { return fmt.Sprintf("the splits are at %q", got.next) })
		left := found
		for restarts := 0; len(left) > 0 && restarts < manyFetches; restarts++ {
			if again, _ := f.discover(c, saved); len(again) != 0 {
				c.Fatalf("the restored enumerator returned %d splits again", len(again))
			}
			reader := f.reader(c, 4, left)
			got.fetch(c, reader, len(left), 1+c.Random.IntN(20))
			closeReader(c, reader)
			left = nil
			for _, split := range found {
				if !got.finished[split.ID] {
					left = append(left, got.next[split.ID])
				}
			}
		}
		if len(left) > 0 || !maps.EqualFunc(got.rows, want.rows, slices.Equal) {
			c.Error("rows read with restarts differ from those without")
		}
	})
}

func (s Source) testSeveralReaders(t *testing.T) {
	f := s.open(t, 7, 20, record.NewCheckedPool())
	found, _ := f.discover(t, nil)
	want := f.readAll(t, 1024, found)
	got := s.newReading()
	for _, share := range [][]stream.Split{found[:1], found[1:5], found[5:]} {
		reader := f.reader(t, 3, nil)
		for _, split := range share { // one by one, as they are discovered
			if err := reader.Assign([]stream.Split{split}); err != nil {
				t.Fatal(err)
			}
		}
		got.finish(t, reader, len(share))
		closeReader(t, reader)
	}
	if s.Many && want.most < 2 {
		t.Error("each fetch brought rows of one split only")
	}
	if !maps.EqualFunc(got.rows, want.rows, slices.Equal) {
		t.Error("rows read by three readers differ from those read by one")
	}
}

func (s Source) testPause(t *testing.T) {
	f := s.open(t, 3, 40, record.NewCheckedPool())
	found, _ := f.discover(t, nil)
	want := f.readAll(t, 1024, found)
	got := s.newReading()
	reader := f.reader(t, 4, found)
	defer closeReader(t, reader)
	pauser, ok := reader.(stream.Pauser)
	if !ok {
		return
	}
	got.fetch(t, reader, len(found), 4)
	paused := found[1].ID
	before := len(got.rows[paused])
	pauser.Pause(paused)
	got.finish(t, reader, len(found)-1)
	if n := len(got.rows[paused]); n != before {
		t.Errorf("%d rows of a paused split", n-before)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
	defer cancel()
	if _, err := reader.Fetch(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("fetch with all splits paused or finished: %v, want it to wait for its context", err)
	}
	pauser.Resume(paused)
	got.finish(t, reader, 1)
	if !maps.EqualFunc(got.rows, want.rows, slices.Equal) {
		t.Error("rows read with a pause differ from those without")
	}
}

func (s Source) testContext(t *testing.T) {
	f := s.open(t, s.splits, 20, record.NewCheckedPool())
	found, _ := f.discover(t, nil)
	want := f.readAll(t, 1024, found)
	got := s.newReading()
	reader := f.reader(t, 5, found)
	defer closeReader(t, reader)
	got.fetch(t, reader, len(found), 2)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := reader.Fetch(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("fetch with a cancelled context: %v", err)
	}
	got.finish(t, reader, len(found))
	if !maps.EqualFunc(got.rows, want.rows, slices.Equal) {
		t.Error("a cancelled fetch lost or doubled rows")
	}
}

func (s Source) testManySplits(t *testing.T) {
	const splits, rows = 10_000, 3
	f := s.open(t, splits, rows, record.NewPool())
	found, _ := f.discover(t, nil)
	got := f.readAll(t, 2, found)
	for _, split := range found {
		if n := len(got.rows[split.ID]); n != rows {
			t.Fatalf("split %q has %d rows, want %d", split.ID, n, rows)
		}
	}
}
