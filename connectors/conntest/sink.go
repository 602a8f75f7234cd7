package conntest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// Sink is a kind of exactly-once sink under test.
type Sink struct {
	// Env returns an environment whose media are empty.
	Env func(t testing.TB) env.Env
	// New returns the sink as a new process makes it.
	New func(t testing.TB) stream.Sink
	// Visible returns all rows that a reader of the media sees, drawn as by
	// [Rows], in any order. It is nil for a sink that shows nothing to anybody.
	Visible func(t testing.TB, e env.Env) []string
	// Crash returns the environment as it is after a power cut; nil leaves it.
	Crash func(e env.Env, random *rand.Rand) env.Env
}

// SinkSchema is the schema of the rows that the suite writes.
var SinkSchema = record.MustSchema(
	record.Field{Name: "id", Type: record.Int64},
	record.Field{Name: "text", Type: record.String},
	record.Field{Name: "share", Type: record.Float64},
)

// TestSink runs the suite for sinks.
func TestSink(t *testing.T, s Sink) {
	t.Run("shows rows with their commit", s.testCommit)
	t.Run("commit twice", s.testCommitTwice)
	t.Run("crash between prepare and commit", s.testCrashBeforeCommit)
	t.Run("crash before prepare", s.testCrashBeforePrepare)
	t.Run("commits that come late", s.testLateCommits)
	t.Run("an old owner wakes", s.testOldOwner)
	t.Run("a witness knows what is shown", s.testWitness)
	t.Run("random crashes", s.testRandomCrashes)
}

// job is a run of a job that has nothing but the sink, driven by hand.
type job struct {
	t          testing.TB
	suite      Sink
	env        env.Env
	pool       *record.Pool
	generation uint64
	checkpoint stream.CheckpointID

	writers   []stream.Writer
	committer stream.Committer
	woken     bell
	written   int // rows since the job began
}

func (s Sink) start(t testing.TB) *job {
	j := &job{t: t, suite: s, env: s.Env(t), pool: record.NewCheckedPool(), woken: make(bell, 1)}
	t.Cleanup(func() {
		j.close()
		if err := j.pool.Check(); err != nil {
			t.Error(err)
		}
	})
	j.open()
	return j
}

// open starts the next generation of the job, in a process of its own.
func (j *job) open() {
	j.t.Helper()
	j.generation++
	sink := j.suite.New(j.t)
	var err error
	if j.committer, err = sink.NewCommitter(stream.CommitterContext{
		Env: j.env, Job: "suite", Run: "run-1", Sink: "out", Generation: j.generation,
	}); err != nil {
		j.t.Fatal(err)
	}
	j.writers = nil
	for i := range backgrounds {
		w, err := sink.NewWriter(stream.WriterContext{
			Env: j.env, Job: "suite", Run: "run-1", Sink: "out", Subtask: i, Parallelism: len(backgrounds), Generation: j.generation,
			Schema: SinkSchema, Background: backgrounds[i], Wake: j.woken.wake, Reject: func(failed []stream.FailedRecord) error {
				return fmt.Errorf("%d rows of the suite are refused, the first one: %w", len(failed), failed[0].Err)
			},
		})
		if err != nil {
			j.t.Fatal(err)
		}
		j.writers = append(j.writers, w)
	}
}

// backgrounds are the ways, one for each writer, in which work in the background
// is done: not at all, at once, and never.
var backgrounds = []func(work func()){
	nil,
	func(work func()) {
		onOtherGoroutine(func() (stream.Pending, error) { work(); return nil, nil })
	},
	func(func()) {},
}

func (j *job) close() {
	for _, w := range j.writers {
		w.Close() // as a process that ends does, without a word
	}
}

// crash ends the process, cuts the power and starts the next generation, which
// commits again what is decided, and only then aborts.
func (j *job) crash(random *rand.Rand, decided map[stream.CheckpointID][]stream.Pending) {
	j.t.Helper()
	j.close()
	if j.suite.Crash != nil {
		j.env = j.suite.Crash(j.env, random)
	}
	j.open()
	for id := stream.CheckpointID(1); id <= j.checkpoint; id++ {
		if pending, ok := decided[id]; ok {
			j.commit(id, pending)
		}
	}
	if err := j.committer.Abort(j.t.Context()); err != nil {
		j.t.Fatal(err)
	}
}

// write writes rows with the next ids to a writer.
func (j *job) write(w stream.Writer, rows int) error {
	b := j.pool.NewBatch(SinkSchema, rows)
	ids, texts, shares := j.pool.NewColumn(record.Int64, rows), j.pool.NewColumn(record.String, rows), j.pool.NewColumn(record.Float64, rows)
	for range rows {
		ids.AppendInt64(int64(j.written))
		texts.AppendString(fmt.Appendf(nil, "row %d, \"quoted\"", j.written))
		if j.written%5 == 0 {
			shares.AppendNull()
		} else {
			shares.AppendFloat64(float64(j.written) / 8)
		}
		j.written++
	}
	b.Columns = append(b.Columns, ids, texts, shares)
	if err := w.Write(b); err != nil {
		return err
	}
	return j.work(w, false, func(s stream.Standing) bool { return !s.Full })
}

func (j *job) mustWrite(subtask, rows int) {
	j.t.Helper()
	if err := j.write(j.writers[subtask], rows); err != nil {
		j.t.Fatal(err)
	}
}

// wantRows returns the rows with ids from first to below end, as Rows draws them.
func wantRows(first, end int) []string {
	var rows []string
	for i := first; i < end; i++ {
		share := "null"
		if i%5 != 0 {
			share = string(record.AppendFloat(nil, float64(i)/8))
		}
		rows = append(rows, fmt.Sprintf(`%d|"row %d, \"quoted\""|%s`, i, i, share))
	}
	return rows
}

// prepare ends a checkpoint at all writers and makes it durable.
func (j *job) prepare() (stream.CheckpointID, []stream.Pending) {
	j.t.Helper()
	j.checkpoint++
	var pending []stream.Pending
	for _, w := range j.writers {
		if err := j.work(w, true, func(s stream.Standing) bool { return s.Held == 0 }); err != nil {
			j.t.Fatal(err)
		}
		finish, err := w.Prepare(j.checkpoint)
		if err != nil {
			j.t.Fatal(err)
		}
		p, err := onOtherGoroutine(finish)
		if err != nil {
			j.t.Fatal(err)
		}
		pending = append(pending, p)
	}
	return j.checkpoint, pending
}

func onOtherGoroutine(finish func() (stream.Pending, error)) (p stream.Pending, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		p, err = finish()
	}()
	<-done
	return p, err
}

func (j *job) commit(id stream.CheckpointID, pending []stream.Pending) {
	j.t.Helper()
	if err := j.committer.Commit(j.t.Context(), id, pending); err != nil {
		j.t.Fatal(err)
	}
}

// expect compares what is visible with rows.
func (j *job) expect(when string, want []string) {
	j.t.Helper()
	if j.suite.Visible == nil {
		return
	}
	got := slices.Sorted(slices.Values(j.suite.Visible(j.t, j.env)))
	if want = slices.Sorted(slices.Values(want)); !slices.Equal(got, want) {
		j.t.Fatalf("%s: %d rows are visible, want %d\n got %q\nwant %q", when, len(got), len(want), got, want)
	}
}

func (s Sink) testCommit(t *testing.T) {
	j := s.start(t)
	j.mustWrite(0, 10)
	j.mustWrite(2, 5)
	j.expect("after writing", nil)
	id, pending := j.prepare()
	j.expect("after preparing", nil)
	j.mustWrite(0, 3) // belongs to the next checkpoint
	j.commit(id, pending)
	j.expect("after the commit", wantRows(0, 15))
	j.commit(j.prepare())
	j.expect("after the second commit", wantRows(0, 18))
	j.commit(j.prepare())
	j.expect("after a commit of nothing", wantRows(0, 18))
}

func (s Sink) testCommitTwice(t *testing.T) {
	trial.Run(t, 3, func(c *trial.Case) {
		j := s.start(c)
		j.mustWrite(1, 10)
		id, pending := j.prepare()
		j.commit(id, pending)
		j.commit(id, pending)
		j.expect("after the same commit twice", wantRows(0, 10))
		j.crash(c.Random, map[stream.CheckpointID][]stream.Pending{id: pending})
		j.expect("after another process repeated it", wantRows(0, 10))
	})
}

func (s Sink) testCrashBeforeCommit(t *testing.T) {
	trial.Run(t, 10, func(c *trial.Case) {
		j := s.start(c)
		j.mustWrite(0, 10)
		j.mustWrite(1, 10)
		id, pending := j.prepare()
		j.mustWrite(1, 5) // is lost, and comes again
		j.written -= 5
		j.crash(c.Random, map[stream.CheckpointID][]stream.Pending{id: pending})
		j.expect("after the recovery", wantRows(0, 20))
		j.mustWrite(2, 5)
		j.commit(j.prepare())
		j.expect("after going on", wantRows(0, 25))
	})
}

func (s Sink) testCrashBeforePrepare(t *testing.T) {
	trial.Run(t, 10, func(c *trial.Case) {
		j := s.start(c)
		j.mustWrite(0, 10)
		j.prepare() // is never decided
		j.mustWrite(1, 10)
		j.written = 0
		j.crash(c.Random, nil)
		j.expect("after the recovery", nil)
		j.mustWrite(1, 20)
		j.commit(j.prepare())
		j.expect("after going on", wantRows(0, 20))
	})
}

// testLateCommits commits more than ten checkpoints long after they were prepared, in their order,
// some of them in another process.
func (s Sink) testLateCommits(t *testing.T) {
	trial.Run(t, 5, func(c *trial.Case) {
		const checkpoints = 12
		j := s.start(c)
		due := map[stream.CheckpointID][]stream.Pending{}
		for i := range checkpoints {
			j.mustWrite(i%len(j.writers), 3)
			id, pending := j.prepare()
			due[id] = pending
		}
		j.expect("before any commit", nil)
		early := 1 + c.Random.IntN(checkpoints-1)
		for id := stream.CheckpointID(1); id <= stream.CheckpointID(early); id++ {
			j.commit(id, due[id])
		}
		j.expect(fmt.Sprintf("after %d commits of %d", early, checkpoints), wantRows(0, 3*early))
		j.mustWrite(0, 3) // meanwhile
		j.written -= 3
		j.crash(c.Random, due)
		j.expect("after the others, in another process", wantRows(0, 3*checkpoints))
		j.mustWrite(1, 5)
		j.commit(j.prepare())
		j.expect("after going on", wantRows(0, 3*checkpoints+5))
	})
}

func (s Sink) testOldOwner(t *testing.T) {
	j := s.start(t)
	j.mustWrite(0, 10)
	id, pending := j.prepare()
	old := j.writers
	j.mustWrite(1, 7)
	j.written -= 7
	j.open() // takes over, while the writers of the old owner live
	j.commit(id, pending)
	if err := j.committer.Abort(t.Context()); err != nil {
		t.Fatal(err)
	}
	j.mustWrite(0, 5)
	for _, w := range old { // all of this may fail; none of it may show
		j.write(w, 3)
		j.written -= 3
		if finish, err := w.Prepare(id + 1); err == nil {
			onOtherGoroutine(finish)
		}
		w.Close()
	}
	j.commit(j.prepare())
	j.expect("after the new owner's commit", wantRows(0, 15))
}

// testWitness is for sinks that can be looked at: they tell what each checkpoint
// has shown, whoever asks, and nothing of what is only prepared.
func (s Sink) testWitness(t *testing.T) {
	sink, ok := s.New(t).(stream.Witnessed)
	if !ok {
		return
	}
	j := s.start(t)
	witness := func(run string) stream.Witness {
		return sink.Witness(stream.CommitterContext{Env: j.env, Job: "suite", Run: run, Sink: "out"})
	}
	shown := func(run string, after stream.CheckpointID) (ids []stream.CheckpointID) {
		all, err := witness(run).ShownAfter(after)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range all {
			ids = append(ids, one.Checkpoint)
		}
		slices.Sort(ids)
		return slices.Compact(ids)
	}
	decided := map[stream.CheckpointID][]stream.Pending{}
	for id := stream.CheckpointID(1); id <= 3; id++ {
		j.mustWrite(int(id-1), 4)
		_, decided[id] = j.prepare()
		if got := shown("run-1", id-1); got != nil {
			t.Errorf("prepared is only checkpoint %d, and shown are %v", id, got)
		}
		for range 2 {
			if err := witness("run-1").Whole(id, decided[id]); err != nil {
				t.Errorf("checkpoint %d, of which all is there: %v", id, err)
			}
			j.commit(id, decided[id])
		}
	}
	j.crash(rand.New(rand.NewPCG(1, 0)), decided)
	for after, want := range [][]stream.CheckpointID{{1, 2, 3}, {2, 3}, {3}, nil} {
		if got := shown("run-1", stream.CheckpointID(after)); !slices.Equal(got, want) {
			t.Errorf("behind checkpoint %d shown are %v, want %v", after, got, want)
		}
	}
	if got := shown("run", 0); got != nil {
		t.Errorf("another run has shown %v", got)
	}
}

// testRandomCrashes writes, takes checkpoints and crashes at random: before a
// checkpoint is decided, between decision and commit, and after the commit. As
// in the engine, what no decided checkpoint covers is written again.
func (s Sink) testRandomCrashes(t *testing.T) {
	trial.Run(t, 30, func(c *trial.Case) {
		random := c.Random
		j := s.start(c)
		decided := map[stream.CheckpointID][]stream.Pending{}
		safe := 0 // rows that decided checkpoints cover
		c.Describe(func() string {
			return fmt.Sprintf("behind checkpoint %d, with %d rows written of which %d are decided", j.checkpoint, j.written, safe)
		})
		crash := func() {
			j.written = safe
			j.crash(random, decided)
			j.expect("after a crash", wantRows(0, safe))
		}
		for range 40 {
			if random.IntN(3) > 0 {
				j.mustWrite(random.IntN(len(j.writers)), random.IntN(5))
				continue
			}
			id, pending := j.prepare()
			if random.IntN(4) == 0 {
				crash()
				continue
			}
			decided[id], safe = pending, j.written
			if random.IntN(4) == 0 {
				crash()
				continue
			}
			j.commit(id, pending)
			j.expect(fmt.Sprintf("after checkpoint %d", id), wantRows(0, safe))
		}
	})
}
