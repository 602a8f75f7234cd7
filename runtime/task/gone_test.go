package task_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weirstream/weir/connectors/conntest/shards"
	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/trial"
)

// drawLossy draws a log of which some shards are gone before they were read to their ends.
func drawLossy(c *trial.Case) (log *shards.Log, lost int) {
	for lost == 0 {
		log = shards.Draw(c.Random, 2+c.Random.IntN(10), 1+c.Random.IntN(20), 12, 0)
		log.Step = c.Random.IntN(8)
		for _, s := range log.Shards {
			if n := len(s.Records); n > 0 && c.Random.IntN(4) == 0 {
				s.Lost = 1 + c.Random.IntN(n)
				lost += s.Lost
			}
		}
	}
	return log, lost
}

// rowsOnly is the part of the job that has the rows by key.
func (j *shardJob) rowsOnly(sources int, skipDamage bool) *graph.Graph {
	g := j.graph(sources, 2)
	g.Steps = g.Steps[:2]
	g.Steps[0].Source.SkipDamage = skipDamage
	return g
}

// TestGoneShards has shards go away in the middle. The job fails and names one of them with the
// place, or goes on with the rows that there are, says so, and reads what follows.
func TestGoneShards(t *testing.T) {
	trial.Run(t, 100, func(c *trial.Case) {
		log, lost := drawLossy(c)
		skip := c.Random.IntN(2) == 0
		j := newShardJob(c, log, 0)
		store := objstore.NewMemory()
		for life := c.Random.IntN(3); ; life-- {
			w := startWorld(c.T, c.Seed, c.Random, j.rowsOnly(1+c.Random.IntN(4), skip), store, master.Options{
				BatchRows: 1 + c.Random.IntN(20), CheckpointInterval: time.Duration(10+c.Random.IntN(1000)) * time.Millisecond})
			for steps := c.Random.IntN(40 * len(log.Shards)); w.Step() && (life == 0 || steps > 0); steps-- {
			}
			if w.Err() == nil {
				w.crash()
				continue
			}
			w.crash()
			if !skip {
				if err := w.Err().Error(); !strings.Contains(err, "is gone, and was read up to") || !strings.Contains(err, "on_damage: skip") {
					c.Fatalf("the job ended with %v", err)
				}
				return
			}
			if !master.Ended(w.Err()) || len(w.warnings) == 0 && life < 0 {
				c.Fatalf("the job ended with %v, and warned of %v", w.Err(), w.warnings)
			}
			break
		}
		all := 0
		for _, s := range log.Shards {
			all += len(s.Records)
		}
		if n := len(j.rows.shown); n != all-lost {
			c.Fatalf("%d of %d rows came, and %d are gone", n, all, lost)
		}
	})
}

// TestLagIsShown holds the lag of splits, as it is shown, against the rows that were read.
func TestLagIsShown(t *testing.T) {
	const n, records = 5, 100
	trial.Run(t, 20, func(c *trial.Case) {
		j := newShardJob(c, shards.Flat(n, records), 0)
		w := startWorld(c.T, c.Seed, c.Random, j.rowsOnly(1, false), objstore.NewMemory(), master.Options{BatchRows: 1 + c.Random.IntN(30)})
		looked := 0
		for w.Step() {
			for _, task := range w.job.Detail().Tasks {
				i := slices.IndexFunc(task.Steps, func(s status.Subtask) bool { return s.Step == "log" })
				if i < 0 || len(task.Steps[i].Splits) < n {
					continue
				}
				read := int64(0)
				for _, s := range task.Steps[i].Splits {
					if s.Lag != nil {
						read += records - s.Lag.Records
						looked++
					}
				}
				if in := task.Steps[i].Counters.In; in != read {
					c.Fatalf("%d rows were read, and by their lag %d", in, read)
				}
			}
		}
		if looked == 0 {
			c.Fatal("no lag was shown")
		}
		w.crash()
	})
}
