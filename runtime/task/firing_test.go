package task_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

const second = 1_000_000 // of event time, in µs

// timerJob is a job of n timers that are due at the tenth second: a feed, the
// operator and a ledger. behind more rows stand behind the row that brings the
// watermark there, each with a watermark of its own; their timers are due at the end.
type timerJob struct {
	watch  *firingWatch
	feed   *feedSplit
	beat   *feedSplit // a source without rows, whose barriers never wait
	ledger *ledger
	graph  *graph.Graph
}

func newTimerJob(n, behind int64, subtasks int, interleave bool) *timerJob {
	j := &timerJob{watch: newFiringWatch(interleave), ledger: newLedger()}
	j.feed = fullFeed(n+behind, func(i int64, v []int64) {
		v[0], v[1], v[2] = i, 10*second, 1*second
		if i >= n {
			v[1], v[2] = 100*second, 20*second+i-n
		}
	})
	j.beat = fullFeed(0, nil)
	feeds := &feed{schema: numbers("at", "id", "due", "at"), splits: []*feedSplit{j.feed}}
	beats := &feed{schema: numbers("", "n"), splits: []*feedSplit{j.beat}}
	key := []int{0}
	j.graph = &graph.Graph{Name: "timers", Steps: []*graph.Step{
		feeds.step("feed", "at", 0, 0, 1),
		{ID: "timers", Inputs: []graph.Input{{Step: "feed", Key: key}}, NewOperator: newTimers(j.watch),
			Outputs: []graph.Output{{Name: stream.Main, Schema: idSchema}}, Parallelism: subtasks, Stateful: true},
		j.ledger.sinkStep("ledger", subtasks, graph.Input{Step: "timers"}),
		beats.step("beat", "", 0, 0, 1),
		{ID: "tap", Inputs: []graph.Input{{Step: "beat"}}, NewOperator: newTap(j.watch),
			Outputs: []graph.Output{{Name: stream.Main, Schema: beats.schema}}, Parallelism: 1},
		newLedger().sinkStep("nothing", 1, graph.Input{Step: "tap"}),
	}}
	return j
}

// check holds the ledger against what must be in it: every timer once.
func (j *timerJob) check(t testing.TB, seed uint64, n int64) {
	t.Helper()
	ids := make([]int64, len(j.ledger.shown))
	for i, row := range j.ledger.shown {
		ids[i] = row[1]
	}
	slices.Sort(ids)
	for i := range ids {
		if i > 0 && ids[i] == ids[i-1] {
			t.Fatalf("-seed %d: timer %d fired twice", seed, ids[i])
		}
	}
	if int64(len(ids)) != n {
		t.Fatalf("-seed %d: %d timers fired, not %d", seed, len(ids), n)
	}
}

// TestEveryTimerFiresOnce crashes a job again and again behind a checkpoint that
// was taken in the middle of a firing, and lets it go on elsewhere with another
// number of subtasks.
func TestEveryTimerFiresOnce(t *testing.T) {
	const n, behind = 1500, 200
	mid := 0
	all, whole := trial.Seeds(40)
	for _, seed := range all {
		random := rand.New(rand.NewPCG(seed, 1))
		store := objstore.NewMemory()
		j := newTimerJob(n, behind, 1, random.IntN(2) == 0)
		for range 1 + random.IntN(4) {
			mid += j.crashWhileFiring(t, seed, random, store)
		}
		w := j.start(t, seed, random, store)
		checkCounters(t, seed, w.finish())
		j.check(t, seed, n+behind)
	}
	if mid < 25 && whole {
		t.Fatalf("only %d crashes behind a checkpoint in the middle of a firing", mid)
	}
	t.Logf("%d crashes behind a checkpoint in the middle of a firing", mid)
}

func (j *timerJob) start(t *testing.T, seed uint64, random *rand.Rand, store objstore.Store) *world {
	clear(j.watch.during)
	subtasks := 1 + random.IntN(3)
	j.graph.Step("timers").Parallelism, j.graph.Step("ledger").Parallelism = subtasks, subtasks
	return start(t, seed, random, j.graph, store, master.Options{
		Budget: 1 + random.IntN(20), BatchRows: 1 + random.IntN(200),
		EdgeBytes: 1 << (8 + random.IntN(10)), CheckpointInterval: time.Millisecond,
	})
}

// crashWhileFiring runs the job until a checkpoint that was taken while timers
// fired is decided, and crashes it. It returns how many crashes that were: none
// if the job ended before.
func (j *timerJob) crashWhileFiring(t *testing.T, seed uint64, random *rand.Rand, store objstore.Store) int {
	w := j.start(t, seed, random, store)
	decided := func() bool { return j.watch.during[stream.CheckpointID(w.job.Status().Checkpoint)] }
	w.until("a checkpoint", func() bool { return decided() || w.Err() != nil })
	if err := w.Err(); err != nil {
		if !master.Ended(err) {
			t.Fatalf("-seed %d: %v", seed, err)
		}
		w.crash()
		return 0
	}
	w.crash()
	return 1
}

// A barrier behind rows, which are behind the watermark at which all timers are due,
// waits for the rows and not for the timers, if the operator takes in rows while it
// fires.
func TestBarrierPassesRowsBehindAWatermark(t *testing.T) {
	const n, behind, budget = 2000, 200, 5
	for _, interleave := range []bool{false, true} {
		var most int64
		barriers := 0
		all, whole := trial.Seeds(10)
		for _, seed := range all {
			random := rand.New(rand.NewPCG(seed, 4))
			j := newTimerJob(n, behind, 2, interleave)
			w := start(t, seed, random, j.graph, objstore.NewMemory(), master.Options{
				Budget: budget, BatchRows: 50, EdgeBytes: 1 << 20, CheckpointInterval: time.Millisecond,
			})
			checkCounters(t, seed, w.finish())
			j.check(t, seed, n+behind)
			_, longest, passed := j.watch.waited(0, n/2)
			most, barriers = max(most, longest), barriers+passed
		}
		t.Logf("interleaved: %v; %d barriers; at most %d of %d timers fired while one waited", interleave, barriers, most, n)
		if interleave && most > n/8 {
			t.Errorf("a barrier waited for %d of %d timers", most, n)
		}
		if whole && (!interleave && most < n/2 || interleave && barriers < 10) {
			t.Errorf("the test is too tame: %d barriers, at most %d timers", barriers, most)
		}
	}
}

// BenchmarkBarriersPassAFiring measures, on the host of production, how long barriers
// wait for a million timers that are all due at once.
func BenchmarkBarriersPassAFiring(b *testing.B) {
	const n, behind = 1_000_000, 100_000
	for _, subtasks := range []int{1, 2} {
		for _, interleave := range []bool{false, true} {
			b.Run(fmt.Sprintf("subtasks=%d/interleave=%v", subtasks, interleave), func(b *testing.B) {
				var longest time.Duration
				for b.Loop() {
					j := newTimerJob(n, behind, subtasks, interleave)
					j.run(b, n)
					j.check(b, 0, n+behind)
					waited, _, barriers := j.watch.waited(0, n)
					longest = max(longest, waited)
					b.ReportMetric(float64(barriers), "barriers")
				}
				b.ReportMetric(float64(longest.Microseconds())/1000, "ms/longest")
			})
		}
	}
}

// run runs the job on goroutines, until n timers have fired and then to its end.
func (j *timerJob) run(b *testing.B, n int64) {
	j.feed.held.Store(true)
	j.beat.held.Store(true)
	job, err := master.Start(j.graph, master.Options{
		Env: env.Real(), Store: objstore.NewMemory(), CheckpointInterval: 10 * time.Millisecond,
		Warn: func(err error) {
			if !errors.Is(err, master.ErrCancelled) {
				b.Error(err)
			}
		},
	})
	if err != nil {
		b.Fatal(err)
	}
	for j.watch.hasFired() < n && job.Status().State != "failed" {
		<-time.After(10 * time.Millisecond)
	}
	j.feed.held.Store(false)
	j.beat.held.Store(false)
	if _, err := job.Wait(); err != nil {
		b.Fatal(err)
	}
}
