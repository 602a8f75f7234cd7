package task_test

import (
	"testing"
	"time"

	"github.com/weirstream/weir/connectors/conntest/shards"
	"github.com/weirstream/weir/operators/agg"
	"github.com/weirstream/weir/operators/window"
	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// shardJob is a job over a log whose shards split and merge: its rows by key, and counted in
// windows.
type shardJob struct {
	log                 *shards.Log
	delay               int64 // of the watermark, in µs
	rows, results, late *ledger
	window              func(stream.OperatorContext) (stream.Operator, error)
	counted             *record.Schema
}

func newShardJob(t testing.TB, log *shards.Log, delay int64) *shardJob {
	j := &shardJob{log: log, delay: delay, rows: newLedger(), results: newLedger(), late: newLedger()}
	newWindow, results, err := window.New(window.Config{
		Input: shards.Schema, Keys: []int{0}, Shape: window.Tumble(size*time.Microsecond, 0),
		Aggregates: []agg.Call{{Name: "n", Function: "count", Column: agg.None, Filter: agg.None}},
	})
	if err != nil {
		t.Fatal(err)
	}
	j.window, j.counted = newWindow, results
	return j
}

// graph returns the job with so many subtasks of the source, and of the others.
func (j *shardJob) graph(sources, others int) *graph.Graph {
	key := []int{0}
	return &graph.Graph{Name: "shards", Steps: []*graph.Step{
		{ID: "log", Parallelism: sources, Outputs: []graph.Output{{Name: stream.Main, Schema: shards.Schema}},
			Source: &graph.SourceStep{Source: j.log, Bounded: true,
				EventTime: graph.EventTime{Column: 2, Delay: time.Duration(j.delay) * time.Microsecond}}},
		j.rows.sinkStep("rows", others, graph.Input{Step: "log", Key: key}),
		{ID: "counts", Inputs: []graph.Input{{Step: "log", Key: key}}, NewOperator: j.window, Parallelism: others, Stateful: true,
			Outputs: []graph.Output{{Name: stream.Main, Schema: j.counted}, {Name: stream.Late, Schema: shards.Schema}}},
		j.results.sinkStep("results", 1, graph.Input{Step: "counts"}),
		j.late.sinkStep("late", 1, graph.Input{Step: "counts", Output: stream.Late}),
	}}
}

// expect returns how many rows there are, and of those that are not late how many each window
// has of each key: by the watermark of their own shard, which begins with the least of its
// parents.
func (j *shardJob) expect() (rows, late int, counts map[[2]int64]int64) {
	counts = map[[2]int64]int64{}
	ends := map[stream.SplitID]record.Time{}
	for _, s := range j.log.Shards {
		greatest := record.MinTime
		for i, p := range s.Parents {
			if i == 0 || ends[p] < greatest {
				greatest = ends[p]
			}
		}
		for _, r := range s.Records {
			end := r.At - r.At%size + size
			if rows++; greatest != record.MinTime && end <= int64(greatest)-j.delay {
				late++
			} else {
				counts[[2]int64{r.Key, end}]++
			}
			greatest = max(greatest, record.Time(r.At))
		}
		ends[s.ID] = greatest
	}
	return rows, late, counts
}

// check holds what the job has shown against the log.
func (j *shardJob) check(c *trial.Case) {
	rows, late, counts := j.expect()
	next := map[int64]int64{}
	for _, row := range j.rows.shown {
		if key, number := row[1], row[2]; number != next[key] {
			c.Fatalf("key %d: number %d comes where %d should", key, number, next[key])
		}
		next[row[1]]++
	}
	if len(j.rows.shown) != rows || len(j.late.shown) != late {
		c.Fatalf("%d rows and %d late ones, want %d and %d", len(j.rows.shown), len(j.late.shown), rows, late)
	}
	for _, row := range j.results.shown {
		w := [2]int64{row[1], row[3]}
		if counts[w] != row[4] {
			c.Fatalf("key %d until %v: %d rows, want %d", w[0], record.Time(w[1]), row[4], counts[w])
		}
		delete(counts, w)
	}
	if len(counts) > 0 {
		c.Fatalf("%d windows are missing", len(counts))
	}
}

// live runs the job, with crashes and with another parallelism each time, to its end.
func (j *shardJob) live(c *trial.Case, crashes, interval int) {
	random, store := c.Random, objstore.NewMemory()
	for life := 0; ; life++ {
		o := master.Options{
			Parallelism: 4, Budget: 1 + random.IntN(20), BatchRows: 1 + random.IntN(30), EdgeBytes: 1 << (8 + random.IntN(10)),
			CheckpointInterval: time.Duration(interval) * time.Millisecond,
		}
		w := start(c.T, c.Seed, random, j.graph(1+random.IntN(5), 1+random.IntN(4)), store, o)
		if life < crashes {
			for range random.IntN(40 * len(j.log.Shards)) {
				if !w.Step() {
					break
				}
			}
			w.crash()
			if w.Err() != nil && !master.Ended(w.Err()) {
				c.Fatal(w.Err())
			} else if w.Err() != nil {
				return
			}
			continue
		}
		for steps := 0; w.Err() == nil; steps++ {
			if w.Step(); steps > 3000*(len(j.log.Shards)+10) {
				c.Fatalf("no end after %d steps", steps)
			}
		}
		checkCounters(c.T, c.Seed, w.finish())
		return
	}
}

// TestShardsSplitAndMerge has shards split and merge, some fifty times, while the job crashes
// and goes on with other subtasks: rows of a key come in order, each once, and no row is late
// or window early that would not be if one read the log alone.
func TestShardsSplitAndMerge(t *testing.T) {
	trial.Run(t, 300, func(c *trial.Case) {
		disorder := c.Random.Int64N(15 * second)
		log := shards.Draw(c.Random, 2+c.Random.IntN(30), 1+c.Random.IntN(80), 12, disorder)
		log.Step = c.Random.IntN(8)
		j := newShardJob(c, log, c.Random.Int64N(2)*disorder)
		j.live(c, c.Random.IntN(4), c.Random.IntN(2)*(20+c.Random.IntN(2000)))
		j.check(c)
	})
}

// TestSourcesAreToldOfCheckpoints has readers acknowledge what decided checkpoints hold. What
// was acknowledged is not read again behind a crash, and at the end that is all.
func TestSourcesAreToldOfCheckpoints(t *testing.T) {
	trial.Run(t, 100, func(c *trial.Case) {
		log := shards.Draw(c.Random, 2+c.Random.IntN(10), 1+c.Random.IntN(20), 12, 0)
		log.Step = c.Random.IntN(8)
		j := newShardJob(c, log, 0)
		crashes := c.Random.IntN(3)
		j.live(c, crashes, 20+c.Random.IntN(200))
		j.check(c)
		for _, s := range log.Shards {
			if n := log.Acknowledged(s.ID); n != len(s.Records) && crashes == 0 {
				c.Fatalf("%d of %d records of %s were acknowledged", n, len(s.Records), s.ID)
			}
		}
	})
}

// TestTenThousandShards has that many of them in one run, with one crash.
func TestTenThousandShards(t *testing.T) {
	trial.Run(t, 1, func(c *trial.Case) {
		log := shards.Draw(c.Random, 200, 10_000, 3, 5*second)
		log.Step = 50
		j := newShardJob(c, log, second)
		j.live(c, 1, 2000)
		j.check(c)
	})
}
