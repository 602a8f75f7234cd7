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
