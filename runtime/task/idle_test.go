package task_test

import (
	"cmp"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/weirstream/weir/operators/agg"
	"github.com/weirstream/weir/operators/window"
	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

const (
	idleAfter = 30 * time.Second // long against the delays of the simulation
	size      = 10 * second      // of the windows
	delay     = 1 * second       // of the watermarks
)

// union is a job that counts the rows of two sources in tumbling windows: left,
// which is never idle, and right, which is when it has been caught up for long.
type union struct {
	*world
	left         *feedSplit
	right        []*feedSplit
	valve        bool // shut: it holds back what comes from right
	counts, late *ledger
	graph        *graph.Graph
}

// edge is how rows come to the valve: without a key in the chain of right.
type edge struct {
	key   []int
	bytes int // 0 is any
}

// newUnion makes the job of rows, a list of event times per split.
func newUnion(t *testing.T, seed uint64, left []int64, right ...[]int64) *union {
	return newUnionOver(t, seed, edge{}, left, right...)
}

func newUnionOver(t *testing.T, seed uint64, toValve edge, left []int64, right ...[]int64) *union {
	random := rand.New(rand.NewPCG(seed, 2))
	u := &union{counts: newLedger(), late: newLedger(), left: times(left)}
	schema := numbers("at", "key", "at")
	for _, r := range right {
		u.right = append(u.right, times(r))
	}
	newWindow, results, err := window.New(window.Config{
		Input: schema, Keys: []int{0}, Shape: window.Tumble(size*time.Microsecond, 0),
		Aggregates: []agg.Call{{Name: "n", Function: "count", Column: agg.None, Filter: agg.None}},
	})
	if err != nil {
		t.Fatal(err)
	}
	const delayed = delay * time.Microsecond
	key := []int{0}
	u.graph = &graph.Graph{Name: "union", Steps: []*graph.Step{
		(&feed{schema: schema, splits: []*feedSplit{u.left}}).step("left", "at", delayed, 0, 1),
		(&feed{schema: schema, splits: u.right}).step("right", "at", delayed, idleAfter, 1),
		{ID: "valve", Inputs: []graph.Input{{Step: "right", Key: toValve.key}}, NewOperator: u.newValve,
			Outputs: []graph.Output{{Name: stream.Main, Schema: schema}}, Parallelism: 1},
		{ID: "counts", Inputs: []graph.Input{{Step: "left", Key: key}, {Step: "valve", Key: key}}, NewOperator: newWindow,
			Outputs: []graph.Output{{Name: stream.Main, Schema: results}, {Name: stream.Late, Schema: schema}}, Stateful: true},
		u.counts.sinkStep("results", 0, graph.Input{Step: "counts"}),
		u.late.sinkStep("late", 0, graph.Input{Step: "counts", Output: stream.Late}),
	}}
	options := master.Options{
		Parallelism: 1 + random.IntN(3), Budget: 1 + random.IntN(20), BatchRows: 1 + random.IntN(30),
		EdgeBytes: 1 << (8 + random.IntN(10)), CheckpointInterval: time.Second,
	}
	options.EdgeBytes = cmp.Or(toValve.bytes, options.EdgeBytes)
	u.world = start(t, seed, random, u.graph, objstore.NewMemory(), options)
	return u
}

// times returns a split of rows with the given event times, none of which may be
// read yet, and that does not end.
func times(at []int64) *feedSplit {
	s := &feedSplit{size: int64(len(at)), fill: func(i int64, v []int64) { v[0], v[1] = i%4, at[i] }}
	s.held.Store(true)
	return s
}

// every returns event times from one on, a step apart, in µs.
func every(from, step int64, n int) []int64 {
	at := make([]int64, n)
	for i := range at {
		at[i] = from + int64(i)*step
	}
	return at
}

func (u *union) newValve(stream.OperatorContext) (stream.Operator, error) {
	return &valve{union: u}, nil
}

// valve passes everything on, and is busy for as long as it is shut.
type valve struct{ union *union }

func (v *valve) Step(_ stream.InputID, e stream.Element, out stream.Emitter) error {
	out.Emit(stream.Main, e)
	return nil
}

func (v *valve) Resume(stream.Emitter) (bool, error) { return v.union.valve, nil }
func (v *valve) Snapshot(stream.CheckpointID) error  { return nil }
func (v *valve) Close()                              {}

// watermark returns how far counts has come.
func (u *union) watermark() int64 { return int64(u.stepOf("counts").Watermark) }

// taken waits until counts has taken in n rows.
func (u *union) taken(n int64) {
	u.t.Helper()
	u.until("the rows", func() bool { return u.stepOf("counts").Counters.In == n })
}

// reaches waits for a watermark and returns how long that took.
func (u *union) reaches(mark int64) time.Duration {
	u.t.Helper()
	from := u.Now()
	u.until("the watermark", func() bool { return u.watermark() >= mark })
	if u.watermark() != mark {
		u.t.Fatalf("-seed %d: the watermark is %v, not %v", u.seed, record.Time(u.watermark()), record.Time(mark))
	}
	return u.Now().Sub(from)
}

// stays fails if the watermark is or becomes another within a while.
func (u *union) stays(mark int64, why string) {
	u.t.Helper()
	u.elapse(4 * idleAfter)
	if got := u.watermark(); got != mark {
		u.t.Fatalf("-seed %d: %s, but the watermark is %v, not %v", u.seed, why, record.Time(got), record.Time(mark))
	}
}

// end lets all splits end and checks that each row was counted in a window or is
// late, which those are that the model says.
func (u *union) end(rows, late int) {
	u.t.Helper()
	for _, s := range append(u.right, u.left) {
		s.open.Store(s.size)
		s.silent.Store(false)
		s.held.Store(false)
	}
	last := u.finish()
	checkCounters(u.t, u.seed, last)
	counted := 0
	for _, row := range u.counts.shown {
		counted += int(row[4])
	}
	if len(u.late.shown) != late || counted != rows-late {
		u.t.Fatalf("-seed %d: of %d rows %d were counted and %d late, not %d and %d", u.seed, rows, counted, len(u.late.shown), rows-late, late)
	}
	for _, row := range u.late.shown {
		if row[2] >= 3*size {
			u.t.Fatalf("-seed %d: the row of %v is late, though its window was open", u.seed, record.Time(row[2]))
		}
	}
}

// TestIdleSplitWakes has right fall asleep, wake with rows of windows that are
// gone and of one that is not, and fall asleep again.
func TestIdleSplitWakes(t *testing.T) {
	for _, seed := range seeds(8) {
		left := every(0, second/10, 600)           // until 59.9 s
		right := every(0, second/10, 50)           // until 4.9 s
		woken := every(5*second, 3*second/10, 115) // from 5 s to 39.2 s
		u := newUnion(t, seed, left, append(right, woken...))
		u.left.open.Store(400)
		u.right[0].open.Store(50)
		u.taken(450)
		u.reaches(39*second + 9*second/10 - delay) // right was left out
		u.right[0].open.Store(165)
		u.taken(565)
		u.left.open.Store(600)
		u.taken(765)
		u.reaches(59*second + 9*second/10 - delay) // right was left out again
		late := 0
		for _, at := range woken {
			if at < 3*size { // the window of the rest was open at 38.9 s
				late++
			}
		}
		u.end(765, late)
	}
}

// TestIdleSplitWakesBehindItself has right wake with rows that are older than
// its last one: its own watermark does not rise, and yet it is awake, and must
// say so when it falls asleep again.
func TestIdleSplitWakesBehindItself(t *testing.T) {
	for _, seed := range seeds(5) {
		u := newUnion(t, seed, every(0, second, 60), append(every(0, second, 10), every(0, second, 4)...))
		u.left.open.Store(40)
		u.right[0].open.Store(10)
		u.taken(50)
		u.reaches(39*second - delay)
		u.right[0].open.Store(14)
		u.taken(54)
		u.left.open.Store(60)
		u.taken(74)
		u.reaches(59*second - delay)
		u.end(74, 4)
	}
}

// TestWatermarkIsHeld has the watermark stand still for as long as a split that
// is known was not read, and while one input is idle and the other is not.
func TestWatermarkIsHeld(t *testing.T) {
	for _, seed := range seeds(5) {
		u := newUnion(t, seed, every(0, second, 10), every(0, second, 20), every(0, second, 20))
		u.right[1].silent.Store(true)
		u.left.open.Store(10)
		u.right[0].open.Store(20)
		u.taken(30)
		u.stays(int64(record.MinTime), "a split was not read yet")
		u.right[1].silent.Store(false)
		u.right[1].open.Store(20)
		u.taken(50)
		u.reaches(9*second - delay)
		u.stays(9*second-delay, "right is idle and left is not")
		u.end(50, 0)
	}
}

// TestAllIdle has the watermark go on to the greatest of the inputs when all are
// idle, and from there.
func TestAllIdle(t *testing.T) {
	for _, seed := range seeds(5) {
		u := newUnion(t, seed, every(0, second, 20), every(0, second, 30))
		u.graph.Step("left").Source.EventTime.IdleAfter = 2 * idleAfter
		u.right[0].open.Store(20)
		u.taken(20)
		u.left.open.Store(10)
		u.taken(30)
		u.reaches(19*second - delay) // right has come so far
		u.right[0].open.Store(30)
		u.taken(40)
		u.reaches(29*second - delay) // left is still idle
		u.left.open.Store(20)
		u.taken(50)
		u.stays(29*second-delay, "watermarks never fall")
		u.end(50, 10)
	}
}

// TestBackpressureIsNotIdleness has a split caught up while what comes behind
// its source is busy: that time does not count.
func TestBackpressureIsNotIdleness(t *testing.T) {
	for _, seed := range seeds(5) {
		u := newUnion(t, seed, every(0, second, 40), every(0, second, 10), every(0, second, 30))
		u.left.open.Store(40)
		u.right[0].open.Store(10)
		u.right[1].open.Store(10)
		u.taken(60)
		u.reaches(9*second - delay)
		u.elapse(idleAfter / 5)
		u.valve = true
		u.right[1].open.Store(30)
		u.stays(9*second-delay, "right was busy")
		u.valve = false
		opened := u.Now()
		u.taken(80)
		u.reaches(29*second - delay)
		// What had passed before the valve was shut counts.
		if took := u.Now().Sub(opened); took < idleAfter/2 {
			t.Fatalf("-seed %d: the first split of right was left out %v after the backpressure ended", seed, took)
		}
		u.end(80, 0)
	}
}

// TestWaitingRowsAreNoSilence has a row wait in its source while the edge is full and
// fetches go on, which find nothing: the split is not idle, and its row not late,
// however far the others have come.
func TestWaitingRowsAreNoSilence(t *testing.T) {
	for _, seed := range seeds(8) {
		u := newUnionOver(t, seed, edge{key: []int{0}, bytes: 1}, every(0, second, 40), every(0, second, 11),
			append(every(0, second, 10), 39*second))
		waits, blocks := u.right[0], u.right[1]
		// One fetch brings the row that fills the edge, the next the one that waits, and the
		// third nothing for long. A word that a split is caught up would wait, too, and no
		// fetch be under way.
		behind(blocks, 10, func() { blocks.silent.Store(true); waits.open.Store(11) })
		behind(waits, 10, func() { waits.silent.Store(true) })
		u.left.open.Store(40)
		waits.open.Store(10)
		blocks.open.Store(10)
		u.taken(60)
		u.reaches(9*second - delay)
		blocks.silent.Store(true)
		u.elapse(time.Second) // waits says that it is caught up
		u.valve = true
		blocks.open.Store(11)
		blocks.silent.Store(false)
		u.stays(9*second-delay, "a row waits")
		if in := u.stepOf("right").Counters.In; in != 21 {
			t.Fatalf("-seed %d: %d rows were taken in, not 21: the edge is not full", seed, in)
		}
		u.valve = false
		u.taken(62)
		u.end(62, 0)
	}
}

// behind has something done when a row of a split has been read.
func behind(s *feedSplit, row int64, do func()) {
	fill := s.fill
	s.fill = func(i int64, v []int64) {
		fill(i, v)
		if i == row {
			do()
		}
	}
}
