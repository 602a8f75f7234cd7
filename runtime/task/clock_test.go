package task_test

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// period is how long ticker counts rows for.
const period = 10 * time.Second

// ticker counts the rows that come in within a period of the clock, and emits their
// number at its end.
type ticker struct {
	stream.OperatorContext
	count int64
	end   time.Time // zero without rows
	due   bool
}

func newTicker(c stream.OperatorContext) (stream.Operator, error) {
	o := &ticker{OperatorContext: c}
	for _, cell := range c.State.Cells("count") {
		o.count = int64(binary.LittleEndian.Uint64(cell))
		o.end = time.UnixMicro(int64(binary.LittleEndian.Uint64(cell[8:])))
	}
	return o, nil
}

func (o *ticker) Step(_ stream.InputID, e stream.Element, out stream.Emitter) error {
	if e.Kind != stream.KindBatch {
		out.Emit(stream.Main, e)
		return nil
	}
	if o.count == 0 {
		o.end = o.Now().Truncate(period).Add(period)
	}
	o.count += int64(e.Batch.Len())
	o.Counters.In.Add(int64(e.Batch.Len()))
	o.Counters.Accepted.Add(int64(e.Batch.Len()))
	e.Release()
	return nil
}

func (o *ticker) Deadline() time.Time {
	if o.count == 0 {
		return time.Time{}
	}
	return o.end
}

func (o *ticker) Control(c stream.Control, _ stream.Emitter) error {
	o.due = o.due || c.Kind == stream.ClockReached && !c.Now.Before(o.end)
	return nil
}

func (o *ticker) Resume(out stream.Emitter) (bool, error) {
	if !o.due {
		return false, nil
	}
	b := o.Pool.NewBatch(idSchema, 1)
	b.Columns = append(b.Columns, o.Pool.NewColumn(record.Int64, 1))
	b.Columns[0].AppendInt64(o.count)
	o.count, o.due = 0, false
	o.Counters.Out.Add(1)
	out.Emit(stream.Main, stream.BatchOf(b))
	return false, nil
}

func (o *ticker) Snapshot(stream.CheckpointID) error {
	cell := binary.LittleEndian.AppendUint64(nil, uint64(o.count))
	o.State.SetCell("count", binary.LittleEndian.AppendUint64(cell, uint64(o.end.UnixMicro())))
	return nil
}

func (o *ticker) Close() {}

// An operator is told when its deadline has come, with nothing else going on, also if
// that passed while the job was down.
func TestDeadline(t *testing.T) {
	for _, seed := range seeds(20) {
		random := rand.New(rand.NewPCG(seed, 5))
		rows, results, store := times(every(0, second, 9)), newLedger(), objstore.NewMemory()
		schema := numbers("at", "key", "at")
		g := &graph.Graph{Name: "ticks", Steps: []*graph.Step{
			(&feed{schema: schema, splits: []*feedSplit{rows}}).step("feed", "at", 0, 0, 1),
			{ID: "ticker", Inputs: []graph.Input{{Step: "feed", Key: [][]int{nil, {}}[random.IntN(2)]}}, NewOperator: newTicker,
				Outputs: []graph.Output{{Name: stream.Main, Schema: idSchema}}, Stateful: true, Parallelism: 1},
			results.sinkStep("results", 1, graph.Input{Step: "ticker"}),
		}}
		begin := func() *world {
			return start(t, seed, random, g, store, master.Options{BatchRows: 1 + random.IntN(4), CheckpointInterval: time.Second})
		}
		shows := func(w *world, n int64) {
			rows.open.Store(rows.open.Load() + n)
			was := len(results.shown)
			w.until("a result", func() bool { return len(results.shown) > was })
			if got := results.shown[was][1]; got != n {
				t.Fatalf("-seed %d: %d rows were counted, not %d", seed, got, n)
			}
		}
		w := begin()
		shows(w, 3)
		w.elapse(3 * period)
		shows(w, 2)
		rows.open.Add(4)
		w.until("the rows in a checkpoint", func() bool {
			return w.stepOf("ticker").Counters.In == 9 && len(results.shown) == 2
		})
		w.elapse(period / 5)
		w.crash()
		w = begin()
		w.until("the last result", func() bool { return len(results.shown) == 3 })
		if got := results.shown[2][1]; got != 4 {
			t.Fatalf("-seed %d: %d rows were counted, not 4", seed, got)
		}
		w.crash()
	}
}
