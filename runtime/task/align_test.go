package task_test

import (
	"testing"
	"time"

	"github.com/weirstream/weir/connectors/conntest/shards"
	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// aligned is a job of several sources, over logs of equal length in time, that wait for each
// other.
type aligned struct {
	logs   []*shards.Log
	steps  []*graph.Step
	rows   *ledger
	within int64 // µs
	batch  int
	total  int
}

// whole hides that a reader can pause splits.
type whole struct{ stream.Source }

func (w whole) NewReader(c stream.ReaderContext) (stream.Reader, error) {
	r, err := w.Source.NewReader(c)
	return struct{ stream.Reader }{r}, err
}

func drawAligned(c *trial.Case) *aligned {
	a := &aligned{rows: newLedger(), within: 10 + c.Random.Int64N(40), batch: 1 + c.Random.IntN(8)}
	sink := a.rows.sinkStep("rows", 2, graph.Input{Step: "s0", Key: []int{0}})
	for i := range 2 + c.Random.IntN(2) {
		n, records := 1+c.Random.IntN(3), 150
		log := shards.Flat(n, records)
		a.total += n * records
		for _, s := range log.Shards {
			for k := range s.Records {
				s.Records[k].Key += int64(100 * i)
			}
		}
		e := graph.EventTime{Column: 2, AlignWithin: time.Duration(a.within) * time.Microsecond}
		if c.Random.IntN(2) == 0 {
			e.Complete = true
		}
		var source stream.Source = log
		if n == 1 && c.Random.IntN(2) == 0 {
			source = whole{log}
		}
		name := "s" + string(rune('0'+i))
		a.logs = append(a.logs, log)
		a.steps = append(a.steps, &graph.Step{ID: name, Parallelism: 1 + c.Random.IntN(2),
			Outputs: []graph.Output{{Name: stream.Main, Schema: shards.Schema}}, Source: &graph.SourceStep{Source: source, Bounded: true, EventTime: e}})
		if i > 0 {
			sink.Inputs = append(sink.Inputs, graph.Input{Step: name, Key: []int{0}})
		}
	}
	a.steps = append(a.steps, sink)
	return a
}

// check holds the splits that are being read against each other. One fetch passes the limit, and
// behind it there may be another under way and two that wait.
func (a *aligned) check(c *trial.Case, d status.Detail) {
	least, greatest := record.MaxTime, record.MinTime
	for _, t := range d.Tasks {
		for _, step := range t.Steps {
			for _, s := range step.Splits {
				least, greatest = min(least, s.Latest), max(greatest, s.Latest)
			}
		}
	}
	if least < record.MaxTime && greatest > max(least, -1)+record.Time(a.within+4*int64(a.batch)) {
		c.Fatalf("a split is at %d though another is at %d, and %d is allowed with batches of %d", greatest, least, a.within, a.batch)
	}
}

// TestSourcesAreAligned has sources read side by side, while the job crashes and goes on, and
// looks every few steps whether one runs ahead. All come to their ends.
func TestSourcesAreAligned(t *testing.T) {
	trial.Run(t, 40, func(c *trial.Case) {
		a, store := drawAligned(c), objstore.NewMemory()
		for lives := c.Random.IntN(4); ; lives-- {
			w := start(c.T, c.Seed, c.Random, &graph.Graph{Name: "aligned", Steps: a.steps}, store, master.Options{
				BatchRows: a.batch, CheckpointInterval: time.Duration(5+c.Random.IntN(100)) * time.Millisecond})
			for steps := c.Random.IntN(3000); w.Err() == nil && (lives <= 0 || steps > 0); steps-- {
				w.Step()
				if steps%4 == 0 {
					a.check(c, w.job.Detail())
				}
				if steps < -200_000 {
					c.Fatalf("no end: %+v", w.job.Detail())
				}
			}
			if w.Err() != nil {
				w.finish()
				break
			}
			w.crash()
		}
		if n := len(a.rows.shown); n != a.total {
			c.Fatalf("%d rows, want %d", n, a.total)
		}
	})
}

// TestAlignedSourceIsIdle has a source fall silent and become idle: the other is not held back
// by it any more.
func TestAlignedSourceIsIdle(t *testing.T) {
	trial.Run(t, 20, func(c *trial.Case) {
		schema := numbers("at", "key", "at")
		quiet, busy := times(every(0, second, 10)), times(every(0, second, 600))
		quiet.open.Store(5)
		busy.open.Store(600)
		rows := newLedger()
		g := &graph.Graph{Name: "idle", Steps: []*graph.Step{
			(&feed{schema: schema, splits: []*feedSplit{quiet}}).step("quiet", "at", 0, idleAfter, 1),
			(&feed{schema: schema, splits: []*feedSplit{busy}}).step("busy", "at", 0, 0, 1),
			rows.sinkStep("rows", 1, graph.Input{Step: "quiet"}),
			rows.sinkStep("more", 1, graph.Input{Step: "busy"}),
		}}
		for _, s := range g.Steps[:2] {
			s.Source.EventTime.AlignWithin = time.Minute
		}
		w := start(c.T, c.Seed, c.Random, g, objstore.NewMemory(), master.Options{BatchRows: 1 + c.Random.IntN(10), CheckpointInterval: time.Second})
		w.until("the rows of a minute", func() bool { return w.stepOf("busy").Counters.In >= 60 })
		from := w.Now()
		w.until("the others", func() bool { return w.stepOf("busy").Counters.In == 600 })
		if waited := w.Now().Sub(from); waited < idleAfter/2 {
			c.Fatalf("busy waited for %v only", waited)
		}
		w.job.Stop()
		w.finish()
	})
}
