package master_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

const quietAfter = 20 * time.Second

// TestQuietSplitsAreRestored stops jobs whose splits have said all they have to
// say, some idle by now and some not, and starts them again at another
// parallelism: watermark and idleness are what they were.
func TestQuietSplitsAreRestored(t *testing.T) {
	trial.Run(t, 100, func(c *trial.Case) {
		var splits []*scriptSplit
		for i := range 1 + c.Random.IntN(4) {
			s := &scriptSplit{id: stream.SplitID(fmt.Sprint(i))}
			for range c.Random.IntN(3) {
				s.fetches = append(s.fetches, fetch{times: []int64{c.Random.Int64N(100)}})
			}
			if c.Random.IntN(3) > 0 {
				s.fetches = append(s.fetches, fetch{caughtUp: true})
			}
			splits = append(splits, s)
		}
		store := objstore.NewMemory()
		life := func() string {
			watch := &spy{}
			s := &script{splits: splits, poll: time.Second}
			job := start(c.T, c.Random, &graph.Graph{Name: "quiet", Steps: []*graph.Step{
				s.step("src", 1+c.Random.IntN(3), stream.Fail, quietAfter),
				watch.step("watch", 1, graph.Input{Step: "src"}, graph.Input{Step: "src", Output: stream.DeadLetter}), // not chained
				(&ledger{}).step("out", "watch", 1),
			}}, master.Options{Store: store})
			enough := job.world.Now().Add(10 * quietAfter)
			job.until("silence", func() bool { return job.world.Now().After(enough) })
			job.job.Stop()
			if _, err := job.wait(); err != nil {
				c.Fatal(err)
			}
			return lastWord(watch.log())
		}
		first := life()
		for range 2 {
			if again := life(); again != first {
				c.Fatalf("behind a restart the last word is %s, not %s", again, first)
			}
		}
	})
}

// lastWord returns the last watermark of a log, and whether Idle came behind it.
func lastWord(log []string) string {
	mark, idle := "no watermark", ""
	for _, e := range log {
		switch {
		case strings.HasPrefix(e, "watermark"):
			mark, idle = e, ""
		case e == stream.Idle.String():
			idle = ", idle"
		}
	}
	return mark + idle
}

// TestSkippedRowsAreSilence has a split become idle and then bring rows, all of them
// outside the range that the job takes: to the job it says nothing, so that it stays
// idle and holds no watermark back.
func TestSkippedRowsAreSilence(t *testing.T) {
	trial.Run(t, 50, func(c *trial.Case) {
		const until = 1000
		quiet := &scriptSplit{id: "quiet", fetches: []fetch{{times: []int64{c.Random.Int64N(100)}}, {caughtUp: true}}}
		for range 1 + c.Random.IntN(3) {
			skipped := fetch{after: 5 * quietAfter}
			for range 1 + c.Random.IntN(3) {
				skipped.times = append(skipped.times, until+c.Random.Int64N(100))
			}
			quiet.fetches = append(quiet.fetches, skipped)
		}
		steady := &scriptSplit{id: "steady", fetches: []fetch{{times: []int64{500}}, {times: []int64{900}, after: 20 * quietAfter}}}
		s := &script{splits: []*scriptSplit{quiet, steady}, poll: time.Second}
		watch, out := &spy{}, &ledger{}
		g := line(s, watch, out, 1)
		g.Steps[0].Source.EventTime.IdleAfter = quietAfter
		g.Steps[0].Source.EventTime.Range = &graph.Range{From: 0, Until: until}
		job := start(c.T, c.Random, g, master.Options{Store: objstore.NewMemory()})
		c.Describe(job.String)
		last := stream.WatermarkOf(900).String()
		enough := job.world.Now().Add(30 * quietAfter)
		job.until("time for all rows", func() bool { return job.world.Now().After(enough) })
		if log := watch.log(); lastWord(log) != last {
			c.Errorf("the last word is %s, not %s, in %v", lastWord(log), last, log)
		}
		job.job.Stop()
		if end, err := job.wait(); err != nil || int(end.Steps[0].Counters.Skipped) != len(s.returned)-3 {
			c.Errorf("of %d rows 3 are in the range; the counters are %+v: %v", len(s.returned), end.Steps[0].Counters, err)
		}
	})
}
