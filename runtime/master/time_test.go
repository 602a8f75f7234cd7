package master_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/stream"
)

// TestIdleIsToldAgain has a source become idle, wake with a row that does not
// raise its watermark, and become idle again: it must not hold back the other.
func TestIdleIsToldAgain(t *testing.T) {
	onBothHosts(t, func(t *testing.T, unit time.Duration, start starter) {
		quiet := &scriptSplit{id: "quiet", fetches: []fetch{
			{times: []int64{100}}, {caughtUp: true}, {times: []int64{100}, after: 5 * unit}, {caughtUp: true},
		}}
		steady := &scriptSplit{id: "steady", fetches: []fetch{{times: []int64{50}}, {times: []int64{900}, after: 10 * unit}}}
		watch := &spy{}
		a, b := &script{splits: []*scriptSplit{quiet}}, &script{splits: []*scriptSplit{steady}}
		job := start(&graph.Graph{Name: "idle", Steps: []*graph.Step{
			a.step("a", 1, stream.Fail, unit), b.step("b", 1, stream.Fail, 0),
			watch.step("watch", 1, graph.Input{Step: "a"}, graph.Input{Step: "b"}),
			(&ledger{}).step("out", "watch", 1),
		}}, master.Options{Store: objstore.NewMemory()})
		last := stream.WatermarkOf(900).String()
		job.until(last, func() bool { return slices.Contains(watch.log(), last) })
		job.crash()
	})
}

// TestStoppedSourceSleeps stops a job while its last checkpoint cannot be decided, and counts
// what it does meanwhile: a source that has sent its last row waits for nothing.
func TestStoppedSourceSleeps(t *testing.T) {
	store := objstore.NewMemory()
	s := &script{splits: []*scriptSplit{{id: "a", fetches: []fetch{{times: []int64{1}}, {caughtUp: true}}}}}
	watch := &spy{}
	g := line(s, watch, &ledger{}, 1)
	g.Steps[0].Source.EventTime.IdleAfter = time.Minute
	job := start(t, rand.New(rand.NewPCG(1, 1)), g, master.Options{Store: store})
	running := job.world.Now().Add(30 * time.Second)
	job.until("the row", func() bool { return job.world.Now().After(running) })
	store.Inject(func(op objstore.Op) (o objstore.Outcome) {
		if strings.HasPrefix(op.Name, "slots/") {
			o.Err = errors.New("planted error")
		}
		return o
	})
	job.job.Stop()
	job.until("a warning", func() bool { return len(job.warned()) > 0 })
	before, end := job.world.Steps(), job.world.Now().Add(5*time.Minute)
	job.until("five minutes", func() bool { return job.world.Now().After(end) })
	if steps := job.world.Steps() - before; steps > 2000 {
		t.Errorf("%d steps in five minutes of waiting", steps)
	}
	job.crash()
}

// TestStopLongAfterTheStart stops a job without periodic checkpoints after longer
// than a checkpoint may take.
func TestStopLongAfterTheStart(t *testing.T) {
	s := &script{poll: time.Minute, splits: []*scriptSplit{endless("a", 3)}}
	job := start(t, rand.New(rand.NewPCG(1, 1)), line(s, &spy{}, &ledger{}, 1), master.Options{Store: objstore.NewMemory()})
	end := job.world.Now().Add(time.Hour)
	job.until("an hour", func() bool { return job.world.Now().After(end) })
	job.job.Stop()
	if last, err := job.wait(); err != nil || last.State != status.Stopped {
		t.Fatalf("the job is %s: %v", last.State, err)
	}
	if warned := job.warned(); len(warned) > 0 {
		t.Errorf("warned of %v", warned)
	}
}

// burst is an operator that answers its first batch with rows for many budgets.
type burst struct {
	spy
	batch *record.Batch
	left  int
	// frozen is how many budgets were left at each snapshot.
	frozen []int
}

func (b *burst) Step(in stream.InputID, e stream.Element, out stream.Emitter) error {
	if e.Kind != stream.KindBatch {
		return b.spy.Step(in, e, out)
	}
	b.batch, b.left = e.Batch, 20_000
	return nil
}

func (b *burst) Resume(out stream.Emitter) (bool, error) {
	for b.left > 0 && !out.Full() {
		b.left--
		out.Emit(stream.Main, stream.BatchOf(b.batch.Retain()))
	}
	return b.left > 0, nil
}

func (b *burst) Snapshot(stream.CheckpointID) error {
	b.frozen = append(b.frozen, b.left)
	return nil
}

func (b *burst) Close() {
	if b.batch != nil {
		b.batch.Release()
	}
}

// TestBarrierPassesBetweenTwoBudgets has checkpoints taken while an operator
// behind an edge has output for a long time, and a sink that keeps up.
func TestBarrierPassesBetweenTwoBudgets(t *testing.T) {
	b := &burst{}
	s := &script{splits: []*scriptSplit{{id: "a", fetches: []fetch{{times: []int64{1}, finished: true}}}}}
	step := b.step("burst", 1, graph.Input{Step: "src"}, graph.Input{Step: "src", Output: stream.DeadLetter}) // not chained
	step.NewOperator = func(stream.OperatorContext) (stream.Operator, error) { return b, nil }
	job := start(t, rand.New(rand.NewPCG(1, 1)), &graph.Graph{Name: "burst", Steps: []*graph.Step{
		s.step("src", 1, stream.Fail, 0), step, (&ledger{}).step("out", "burst", 1),
	}}, master.Options{Store: objstore.NewMemory(), CheckpointInterval: time.Millisecond})
	if _, err := job.wait(); err != nil {
		t.Fatal(err)
	}
	between := 0
	for _, left := range b.frozen {
		if 0 < left && left < 20_000 {
			between++
		}
	}
	if between == 0 {
		t.Errorf("no barrier passed before the burst was over: left at each %v", b.frozen)
	}
}

// TestEventTimes gives a source rows without event time and a column of one
// stored value.
func TestEventTimes(t *testing.T) {
	split := &scriptSplit{id: "a", fetches: []fetch{
		{times: []int64{10, noTime, 30}}, {times: []int64{noTime, noTime}},
		{times: []int64{40, 40, 40}, constant: true}, {times: []int64{20, noTime}, finished: true},
	}}
	onBothHosts(t, func(t *testing.T, _ time.Duration, start starter) {
		watch, out := &spy{}, &ledger{}
		last, err := start(line(&script{splits: []*scriptSplit{split}}, watch, out, 1), master.Options{Store: objstore.NewMemory()}).wait()
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"a.0.0", "a.0.2", "a.2.0", "a.2.1", "a.2.2", "a.3.0"}
		if got := out.rows(); !slices.Equal(got, want) {
			t.Errorf("committed %v, want %v", got, want)
		}
		c := last.Steps[0].Counters
		if c.In != 10 || c.Accepted != 6 || c.Dropped != 4 || c.MaxDisorder != 20 || c.Out != 6 {
			t.Errorf("counters %+v", c)
		}
		times := []string{stream.WatermarkOf(30).String(), stream.WatermarkOf(40).String()}
		for _, w := range times {
			if !slices.Contains(watch.log(), w) {
				t.Errorf("no %s in %v", w, watch.log())
			}
		}
	})
}
