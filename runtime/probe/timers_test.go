package probe

import (
	"errors"
	"flag"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

var timersFlag = flag.Int64("timers", 100_000, "how many timers are due at one watermark in TestBarriersPassAFiring")

const second = 1_000_000 // of event time, in µs

// timerJob is a job of n timers that are due at the tenth second: a feed, the
// operator and a ledger. behind more rows stand behind the row that brings the
// watermark there; their timers are due at the end.
type timerJob struct {
	watch  *stopwatch
	feed   *feedSplit
	beat   *feedSplit // a source without rows, whose barriers never wait
	ledger *ledger
	graph  *graph.Graph
}

func newTimerJob(n, behind int64, subtasks int) *timerJob {
	j := &timerJob{watch: newStopwatch(), ledger: newLedger()}
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
	outputs := func(s *record.Schema) []graph.Output {
		return []graph.Output{{Name: stream.Main, Schema: s}}
	}
	j.graph = &graph.Graph{Name: "timers", Steps: []*graph.Step{
		feeds.step("feed", "at", 0, 0, 1),
		{ID: "timers", Inputs: []graph.Input{{Step: "feed", Key: key}}, NewOperator: newTimers(j.watch), Outputs: outputs(idSchema),
			Parallelism: subtasks, Stateful: true},
		j.ledger.sinkStep("ledger", subtasks, graph.Input{Step: "timers"}),
		beats.step("beat", "", 0, 0, 1),
		{ID: "tap", Inputs: []graph.Input{{Step: "beat"}}, NewOperator: newTap(j.watch), Outputs: outputs(beats.schema), Parallelism: 1},
		newLedger().sinkStep("nothing", 1, graph.Input{Step: "tap"}),
	}}
	return j
}

// check holds the ledger against what must be in it: every timer once.
func (j *timerJob) check(t *testing.T, seed uint64, n int64) {
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
	const n, behind = 4000, 500
	mid := 0
	for _, seed := range seeds(40) {
		random := rand.New(rand.NewPCG(seed, 1))
		store := objstore.NewMemory()
		j := newTimerJob(n, behind, 1)
		for range 1 + random.IntN(4) {
			mid += j.crashWhileFiring(t, seed, random, store)
		}
		w := j.start(t, seed, random, store)
		checkCounters(t, seed, w.finish())
		j.check(t, seed, n+behind)
	}
	if mid < 25 && *seedFlag == 0 {
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

// TestBarriersPassAFiring measures, on the host of production, how long barriers
// wait for timers that are all due at once.
func TestBarriersPassAFiring(t *testing.T) {
	for _, c := range []struct {
		name     string
		subtasks int
		behind   int64 // rows behind the watermark
		end      bool  // the firing is that of the end
	}{
		{"chained", 1, 1, false},
		{"chained, rows behind the watermark", 1, 100_000, false},
		{"chained, at the end", 1, 0, true},
		{"edge", 2, 1, false},
		{"edge, rows behind the watermark", 2, 100_000, false},
		{"edge, at the end", 2, 0, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := *timersFlag
			j := newTimerJob(n, c.behind, c.subtasks)
			j.feed.held.Store(!c.end)
			j.beat.held.Store(true)
			job := j.run(t, 10*time.Millisecond)
			for j.watch.fired.Load() < n {
				if s := job.Status(); s.State == "failed" {
					break
				}
				<-time.After(10 * time.Millisecond)
			}
			j.watch.stop()
			j.feed.held.Store(false)
			j.beat.held.Store(false)
			if _, err := job.Wait(); err != nil {
				t.Fatal(err)
			}
			j.check(t, 0, n+c.behind)
			j.watch.report(t, n)
		})
	}
}

// run starts the job on goroutines.
func (j *timerJob) run(t *testing.T, interval time.Duration) *master.Job {
	job, err := master.Start(j.graph, master.Options{
		Env: env.Real(), Store: objstore.NewMemory(), CheckpointInterval: interval,
		Warn: func(err error) {
			if !errors.Is(err, master.ErrCancelled) {
				t.Error(err)
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return job
}

// stop ends the measurement: what fires from now on fires for the end.
func (s *stopwatch) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopped = true
}

// report logs how long the barriers waited that were triggered during the firing.
func (s *stopwatch) report(t *testing.T, n int64) {
	var longest time.Duration
	during := 0
	for id, triggered := range s.triggered {
		passed, ok := s.passed[id]
		if !ok || triggered.Before(s.first) || triggered.After(s.last) {
			continue
		}
		during++
		longest = max(longest, passed.Sub(triggered))
	}
	firing := s.last.Sub(s.first)
	t.Logf("%d timers fired in %v; %d barriers triggered meanwhile, longest wait %v; longest Step %v, Resume %v",
		n, firing.Round(time.Millisecond), during, longest.Round(10*time.Microsecond), s.step.Round(10*time.Microsecond),
		s.resume.Round(10*time.Microsecond))
}
