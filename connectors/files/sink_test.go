package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weirstream/weir/connectors/conntest"
	"github.com/weirstream/weir/connectors/format/csv"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/golden"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// owner is one process of a job with a writer and a committer.
type owner struct {
	writer    stream.Writer
	committer stream.Committer
}

func own(t testing.TB, e env.Env, run string, generation uint64, values map[string]string) (owner, error) {
	t.Helper()
	return ownSink(t, e, openSink(t, values), run, generation, nil)
}

func ownSink(t testing.TB, e env.Env, sink stream.Sink, run string, generation uint64, background func(func())) (owner, error) {
	t.Helper()
	committer, err := sink.NewCommitter(stream.CommitterContext{Env: e, Job: "job", Run: run, Sink: "sink", Generation: generation})
	if err != nil {
		return owner{}, err
	}
	writer, err := sink.NewWriter(stream.WriterContext{
		Env: e, Job: "job", Run: run, Sink: "sink", Generation: generation, Schema: conntest.SinkSchema, Background: background,
	})
	return owner{writer, committer}, err
}

// rowsOf returns rows with ids from first on.
func rowsOf(pool *record.Pool, first, rows int) *record.Batch {
	b := pool.NewBatch(conntest.SinkSchema, rows)
	for _, f := range conntest.SinkSchema.Fields() {
		b.Columns = append(b.Columns, pool.NewColumn(f.Type, rows))
	}
	for i := range rows {
		b.Columns[0].AppendInt64(int64(first + i))
		b.Columns[1].AppendString([]byte("text"))
		b.Columns[2].AppendFloat64(0.5)
	}
	return b
}

func wantIDs(first, rows int) []string {
	var want []string
	for i := range rows {
		want = append(want, fmt.Sprintf(`%d|"text"|0.5`, first+i))
	}
	return want
}

// write writes rows and prepares them.
func (o owner) write(id stream.CheckpointID, b *record.Batch) (stream.Pending, error) {
	if err := o.writer.Write(b); err != nil {
		return nil, err
	}
	finish, err := o.writer.Prepare(id)
	if err != nil {
		return nil, err
	}
	return finish()
}

func (o owner) commit(id stream.CheckpointID, pending ...stream.Pending) error {
	return o.committer.Commit(context.Background(), id, pending)
}

// TestProtocol draws the operations on the file system, step by step: their
// order is what survives a crash.
func TestProtocol(t *testing.T) {
	var o owner
	var pending stream.Pending
	e, files := memEnv()
	pool := record.NewPool()
	generation := uint64(0)
	var background []func()
	start := func(rollSize int64) (err error) {
		generation++
		s := openSink(t, map[string]string{"path": "data/out"})
		s.(*sink).rollSize = rollSize
		o, err = ownSink(t, e, s, "run-1", generation, func(work func()) { background = append(background, work) })
		return err
	}
	golden.Script(t, "testdata/protocol", func(input string) string {
		var err error
		files.StartLog()
		lines := strings.Split(strings.TrimSpace(input), "\n")
		switch command := lines[len(lines)-1]; command {
		case "start":
			err = start(0)
		case "start with roll_size":
			err = start(50)
		case "background":
			background[0]()
			background = background[1:]
		case "write":
			err = o.writer.Write(rowsOf(pool, 0, 2))
		case "prepare":
			var finish func() (stream.Pending, error)
			if finish, err = o.writer.Prepare(stream.CheckpointID(generation)); err == nil {
				pending, err = finish()
			}
		case "commit":
			err = o.commit(stream.CheckpointID(generation), pending)
		case "abort":
			err = o.committer.Abort(t.Context())
		case "pending":
			return string(pending)
		case "take away":
			err = files.Remove("data/out/part-sink-run%2d1-0002-00000002-000-00000.csv")
		case "take away, forget":
			err = errors.Join(files.Remove("data/out/part-sink-run%2d1-0003-00000003-000-00000.csv"), files.Remove("data/out/.weir/job/sink/run%2d1/shown-3"))
		default:
			t.Fatalf("unknown command %q", command)
		}
		var out strings.Builder
		for _, op := range files.TakeLog() {
			fmt.Fprintln(&out, op)
		}
		if err != nil {
			fmt.Fprintln(&out, "error:", err)
		}
		return out.String()
	})
}

// TestCrashAnywhere cuts the power before and after every single operation of
// two checkpoints, and checks what a recovery makes of it.
func TestCrashAnywhere(t *testing.T) {
	const most = 1000
	trial.Run(t, 4, func(c *trial.Case) {
		pool, at := record.NewCheckedPool(), 0
		c.Describe(func() string { return fmt.Sprintf("the power is cut at operation %d", at) })
		for at < most && crashAt(c, pool, at) {
			at++
		}
		if at == most {
			c.Error("there is no end of operations")
		}
		if err := pool.Check(); err != nil {
			c.Error(err)
		}
	})
}

var errCrash = errors.New("power cut")

// crashAt cuts the power at the given operation; false if there are fewer.
func crashAt(t *trial.Case, pool *record.Pool, at int) bool {
	t.Helper()
	random := t.Random
	e, files := memEnv()
	count := 0
	var after *memfs.FS
	files.Inject(func(memfs.Op) memfs.Outcome {
		if count == at && after == nil {
			after = files.CrashClone(random)
		}
		count++
		if after != nil {
			return memfs.Outcome{Err: errCrash}
		}
		return memfs.Outcome{}
	})
	type checkpoint struct {
		pending stream.Pending
		decided bool
	}
	var checkpoints []checkpoint
	err := func() error {
		s := openSink(t, map[string]string{"path": "out"})
		if t.Seed%2 == 0 {
			s.(*sink).rollSize = 1
		}
		o, err := ownSink(t, e, s, "run", 1, func(work func()) { work() })
		if err != nil {
			return err
		}
		defer o.writer.Close()
		for id := range stream.CheckpointID(2) {
			if err := o.writer.Write(rowsOf(pool, int(id)*10, 4)); err != nil {
				return err
			}
			pending, err := o.write(id+1, rowsOf(pool, int(id)*10+4, 6))
			if err != nil {
				return err
			}
			checkpoints = append(checkpoints, checkpoint{pending, true})
			if err := o.commit(id+1, pending); err != nil {
				return err
			}
		}
		return nil
	}()
	if after == nil {
		return false
	}
	if !errors.Is(err, errCrash) {
		t.Fatal(err)
	}
	e.Files = after
	recoverFrom(t.T, e, pool, len(checkpoints), func(o owner) error {
		for i, c := range checkpoints {
			if err := o.commit(stream.CheckpointID(i+1), c.pending); err != nil {
				return err
			}
		}
		return nil
	})
	return true
}

// recoverFrom takes over, replays the commits of what is decided, and writes the
// rest again.
func recoverFrom(t *testing.T, e env.Env, pool *record.Pool, decided int, replay func(owner) error) {
	t.Helper()
	o, err := own(t, e, "run", 2, map[string]string{"path": "out"})
	if err == nil {
		err = replay(o)
	}
	if err == nil {
		err = o.committer.Abort(t.Context())
	}
	for i := decided; i < 2 && err == nil; i++ {
		var pending stream.Pending
		if pending, err = o.write(stream.CheckpointID(i+2), rowsOf(pool, i*10, 10)); err == nil {
			err = o.commit(stream.CheckpointID(i+2), pending)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	got, want := visible(t, e, "out"), wantIDs(0, 20)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Fatalf("visible after the recovery: %q", got)
	}
}

// TestRollSize ends a file behind the batch with which it is large enough, as it
// is stored.
func TestRollSize(t *testing.T) {
	pool := record.NewCheckedPool()
	for compression, want := range map[string]int{"none": 10, "gzip": 1, "zstd": 1} {
		e, files := memEnv()
		o, err := own(t, e, "run", 1, map[string]string{"path": "out", "compression": compression, "roll_size": "1KiB"})
		if err != nil {
			t.Fatal(err)
		}
		for i := range 20 {
			if err := o.writer.Write(rowsOf(pool, 50*i, 50)); err != nil { // 600 bytes or so
				t.Fatal(err)
			}
		}
		pending, err := o.write(1, rowsOf(pool, 0, 0))
		if err := errors.Join(err, o.commit(1, pending), o.writer.Close()); err != nil {
			t.Fatal(err)
		}
		names, err := files.ReadDir("out")
		if err != nil || len(names) != want+1 {
			t.Errorf("%s: %q, %v, want %d files beside .weir", compression, names, err, want)
		}
		if suffix := ".csv" + suffixes[compression]; !strings.HasSuffix(names[len(names)-1], suffix) {
			t.Errorf("%s: %q, want names that end in %s", compression, names, suffix)
		}
		if got, want := visible(t, e, "out"), wantIDs(0, 1000); !slices.Equal(got, want) {
			t.Errorf("%s: %d rows, %q…, want %d in order", compression, len(got), got[:min(3, len(got))], len(want))
		}
	}
	if err := pool.Check(); err != nil {
		t.Error(err)
	}
}

// TestRollEvery ends a file that is old when further rows come.
func TestRollEvery(t *testing.T) {
	pool := record.NewCheckedPool()
	e, _ := memEnv()
	clock := newClock()
	e.Clock = clock
	o, err := own(t, e, "run", 1, map[string]string{"path": "out", "roll_every": "10m"})
	if err != nil {
		t.Fatal(err)
	}
	for i, minutes := range []time.Duration{0, 9, 1, 9, 30} {
		clock.now = clock.now.Add(minutes * time.Minute)
		if err := o.writer.Write(rowsOf(pool, i, 1)); err != nil {
			t.Fatal(err)
		}
	}
	pending, err := o.write(1, rowsOf(pool, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	all, err := decode([]stream.Pending{pending})
	if err != nil || len(all) != 3 {
		t.Errorf("%d files, %v, want the rows 0 1, 2 3 and 4 in one each", len(all), err)
	}
	if err := errors.Join(o.commit(1, pending), o.writer.Close(), pool.Check()); err != nil {
		t.Error(err)
	}
	if got := visible(t, e, "out"); !slices.Equal(got, wantIDs(0, 5)) {
		t.Errorf("got %q", got)
	}
}

// TestRollingBoundsOpenFiles has work in the background never done: writing
// finishes files itself before too many are open.
func TestRollingBoundsOpenFiles(t *testing.T) {
	pool := record.NewCheckedPool()
	e, files := memEnv()
	s := openSink(t, map[string]string{"path": "out"})
	s.(*sink).rollSize = 1
	o, err := ownSink(t, e, s, "run", 1, func(func()) {})
	if err != nil {
		t.Fatal(err)
	}
	created, synced := 0, 0
	files.Inject(func(op memfs.Op) memfs.Outcome {
		switch op.Kind {
		case memfs.Create:
			created++
		case memfs.Sync:
			synced++
		}
		if open := created - synced; open > maxUnfinished+1 {
			t.Fatalf("%d files are open", open)
		}
		return memfs.Outcome{}
	})
	for i := range 100 {
		if err := o.writer.Write(rowsOf(pool, i, 1)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(o.writer.Close(), pool.Check()); err != nil || created != 100 {
		t.Errorf("%d files, %v", created, err)
	}
}

// TestRolledFilesKeepNoBuffers looks at the files that wait for a checkpoint: as
// many as it takes long, so that each may keep little.
func TestRolledFilesKeepNoBuffers(t *testing.T) {
	pool := record.NewCheckedPool()
	for _, compression := range []string{"none", "gzip", "zstd"} {
		e, _ := memEnv()
		s := openSink(t, map[string]string{"path": "out", "compression": compression})
		s.(*sink).rollSize = 1
		o, err := ownSink(t, e, s, "run", 1, func(work func()) { work() })
		if err != nil {
			t.Fatal(err)
		}
		w := o.writer.(*writer)
		for i := 0; len(w.ended) < 20; i++ {
			if err := w.Write(rowsOf(pool, i, 100)); err != nil {
				t.Fatal(err)
			}
		}
		for _, f := range w.ended {
			if f.encoder != nil || f.compressor != nil {
				t.Fatalf("%s: %s has ended and keeps its encoder", compression, f.path)
			}
		}
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := pool.Check(); err != nil {
		t.Error(err)
	}
}

// TestFailedRoll reports at the barrier, at the latest, that a file which was
// ended before it is not durable.
func TestFailedRoll(t *testing.T) {
	pool := record.NewCheckedPool()
	for _, inBackground := range []bool{false, true} {
		e, files := memEnv()
		s := openSink(t, map[string]string{"path": "out"})
		s.(*sink).rollSize = 1
		full := errors.New("the disk is full")
		o, err := ownSink(t, e, s, "run", 1, func(work func()) {
			if inBackground {
				work()
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		files.Inject(func(op memfs.Op) memfs.Outcome {
			if op.Kind == memfs.Sync && strings.HasSuffix(op.Name, "0-0.csv") {
				return memfs.Outcome{Err: full}
			}
			return memfs.Outcome{}
		})
		err = o.writer.Write(rowsOf(pool, 0, 1))
		if err == nil {
			_, err = o.write(1, rowsOf(pool, 1, 1))
		}
		if !errors.Is(err, full) {
			t.Errorf("in the background: %v: got %v", inBackground, err)
		}
	}
	if err := pool.Check(); err != nil {
		t.Error(err)
	}
}

func TestSinkConfig(t *testing.T) {
	for _, test := range []struct {
		values map[string]string
		want   string // as a regular expression
	}{
		{map[string]string{"path": "out.csv"}, "file.path: .* looks like a file, .*: name a folder, such as"},
		{map[string]string{"path": "data/out.gz"}, "file.path: .* looks like a file, .*: name a folder, such as"},
		{map[string]string{"path": "out", "roll_size": "0"}, "file.roll_size: 0 is less than 1024 bytes"},
		{map[string]string{"path": "out", "roll_every": "10ms"}, "file.roll_every: 10ms is less than 1s"},
		{map[string]string{"path": "-", "roll_size": "1MB"}, "file.roll_size: standard output is not a file"},
		{map[string]string{"path": "-", "roll_every": "1h"}, "file.roll_every: standard output is not a file"},
		{map[string]string{"path": "-", "compression": "gzip"}, "file.compression: standard output is not compressed: .* pipe it through gzip"},
	} {
		_, err := SinkType.New(config(t, &SinkType.Spec, test.values), component.SinkInputs{Format: csv.Default, Schema: conntest.SinkSchema})
		if err == nil || !regexp.MustCompile(test.want).MatchString(err.Error()) {
			t.Errorf("%v: %v", test.values, err)
		}
	}
}

// TestStandardOutput writes rows as they come, and the header once.
func TestStandardOutput(t *testing.T) {
	pool := record.NewCheckedPool()
	e, _ := memEnv()
	if _, err := own(t, e, "run", 1, map[string]string{"path": "-"}); err != errNoStandardOutput {
		t.Errorf("without standard output: %v", err)
	}
	var out bytes.Buffer
	e.Stdout = &out
	o, err := own(t, e, "run", 1, map[string]string{"path": "-"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.writer.Prepare(1); err != nil {
		t.Fatal(err)
	}
	if want := "id,text,share\n"; out.String() != want {
		t.Errorf("without rows: got %q, want %q", out.String(), want)
	}
	for _, rows := range []*record.Batch{rowsOf(pool, 0, 2), rowsOf(pool, 2, 1)} {
		if err := o.writer.Write(rows); err != nil {
			t.Fatal(err)
		}
	}
	if want := "id,text,share\n0,text,0.5\n1,text,0.5\n2,text,0.5\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
	if err := pool.Check(); err != nil {
		t.Error(err)
	}
}
