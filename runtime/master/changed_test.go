package master_test

import (
	"slices"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// TestChangedSources changes a source between two lives of a job, the user allowing
// it. Where and how it reads being the same, each row comes once, and its event time
// being the same, the watermark is where it was.
func TestChangedSources(t *testing.T) {
	trial.Run(t, 100, func(c *trial.Case) {
		split := &scriptSplit{id: "a"}
		greatest := int64(0)
		for range 1 + c.Random.IntN(5) {
			at := c.Random.Int64N(100)
			split.fetches, greatest = append(split.fetches, fetch{times: []int64{at}}), max(greatest, at)
		}
		store, out := objstore.NewMemory(), &ledger{}
		live := func(place, eventTime string, delay time.Duration) (word string) {
			watch := &spy{}
			g := line(&script{splits: []*scriptSplit{split}, poll: time.Second}, watch, out, 1)
			g.Steps[0].Source.EventTime.Delay = delay
			g.Steps[0].Definition = stream.Definition{
				{Text: place}, {Text: eventTime, Bears: stream.Time}, {Text: delay.String(), Bears: stream.Rows},
			}
			job := start(c.T, c.Random, g, master.Options{Store: store, AllowChanged: true})
			enough := job.world.Now().Add(time.Minute)
			job.until("silence", func() bool { return job.world.Now().After(enough) })
			job.job.Stop()
			if _, err := job.wait(); err != nil {
				c.Fatal(err)
			}
			return lastWord(watch.log())
		}
		live("file a", "at", 10*time.Microsecond)
		places, times := []string{"file a", "file b"}, []string{"at", "until"}
		place, eventTime := places[c.Random.IntN(2)], times[c.Random.IntN(2)]
		delay := time.Duration(c.Random.IntN(20)) * time.Microsecond
		word := live(place, eventTime, delay)

		once := place == "file a"
		want := stream.WatermarkOf(record.Time(greatest).Add(-delay)).String()
		if once && eventTime != "at" {
			want = lastWord(nil)
		}
		if word != want {
			c.Errorf("from %s, event time %s, delay %v: the last word is %s, not %s", place, eventTime, delay, word, want)
		}
		rows := expected(split)
		if !once {
			rows = append(rows, rows...)
			slices.Sort(rows)
		}
		if got := out.rows(); !slices.Equal(got, rows) {
			c.Errorf("from %s, event time %s, delay %v: the rows are %v, not %v", place, eventTime, delay, got, rows)
		}
	})
}
