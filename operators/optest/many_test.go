package optest

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// tally counts the rows of two inputs by their number and tells of the counts as a
// changelog. Each of its faults is one that Verify must find.
type tally struct {
	stream.OperatorContext
	fault   string
	pending bool
	half    *record.Batch // the second row of an update, where that is split
	tallies
}

// tallies is the state of a tally.
type tallies struct {
	Counted, Emitted map[int64]int64
	Last             stream.InputID
}

var (
	tallySchema    = record.MustSchema(record.Field{Name: "n", Type: record.Int64}, record.Field{Name: "rows", Type: record.Int64})
	tallyChangelog = &stream.Changelog{Key: []string{"n"}, UpdateBefore: true}
)

func newTally(fault string) stream.NewOperator {
	return func(ctx stream.OperatorContext) (stream.Operator, error) {
		t := &tally{OperatorContext: ctx, fault: fault, tallies: tallies{Counted: map[int64]int64{}, Emitted: map[int64]int64{}}}
		for _, cell := range ctx.State.Cells("tally") {
			if err := json.Unmarshal(cell, &t.tallies); err != nil {
				return nil, err
			}
		}
		return t, nil
	}
}

func (t *tally) Interleaves() bool { return t.half == nil }

func (t *tally) Step(in stream.InputID, e stream.Element, _ stream.Emitter) error {
	if e.Kind == stream.KindBatch {
		t.takeIn(in, e.Batch.Dense())
	}
	t.pending = true
	return nil
}

func (t *tally) takeIn(in stream.InputID, b *record.Batch) {
	defer b.Release()
	t.Counters.In.Add(int64(b.Len()))
	t.Counters.Accepted.Add(int64(b.Len()))
	if t.fault == "interleaved row lost" && t.pending {
		return
	}
	for _, n := range b.Columns[0].Int64s() {
		if t.fault != "order of inputs" || in >= t.Last {
			t.Counted[n]++
		}
	}
	t.Last = in
}

func (t *tally) Resume(out stream.Emitter) (bool, error) {
	t.pending = true
	left := t.Budget
	if t.half != nil {
		t.emit(out, t.half)
		t.half = nil
		left--
	}
	for _, n := range slices.Sorted(maps.Keys(t.Counted)) {
		if t.Counted[n] == t.Emitted[n] {
			continue
		}
		if left == 0 {
			return true, nil
		}
		left--
		t.change(out, n)
	}
	mark := t.Progress.Combined()
	if t.fault == "watermark of the wrong input" {
		mark = t.Progress.Watermark(0)
	}
	t.Progress.Forward(out, mark)
	t.pending = false
	return t.half != nil, nil
}

func (t *tally) change(out stream.Emitter, n int64) {
	was, is := t.Emitted[n], t.Counted[n]
	t.Emitted[n] = is
	switch {
	case was == 0 || t.fault == "insert again":
		t.emit(out, t.rows(n, []int64{is}, record.Insert))
	case t.fault == "another row before":
		t.emit(out, t.rows(n, []int64{was + 1, is}, record.UpdateBefore, record.UpdateAfter))
	case t.fault == "update split" && t.Budget == 1:
		t.emit(out, t.rows(n, []int64{was}, record.UpdateBefore))
		t.half = t.rows(n, []int64{is}, record.UpdateAfter)
	default:
		t.emit(out, t.rows(n, []int64{was, is}, record.UpdateBefore, record.UpdateAfter))
	}
}

func (t *tally) rows(n int64, counts []int64, kinds ...record.RowKind) *record.Batch {
	var rows []Row
	for i, count := range counts {
		rows = append(rows, Row{Time: record.MaxTime, Kind: kinds[i], Values: []any{n, count}})
	}
	return Batch(t.Pool, tallySchema, rows)
}

func (t *tally) emit(out stream.Emitter, b *record.Batch) {
	t.Counters.Out.Add(int64(b.Len()))
	out.Emit(stream.Main, stream.BatchOf(b))
}

func (t *tally) Snapshot(stream.CheckpointID) error {
	cell, err := json.Marshal(t.tallies)
	t.State.SetCell("tally", cell)
	return err
}

func (t *tally) Close() {}

func TestVerifyFindsFaultsOfManyInputs(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	var in []Element
	counts := map[int64]int64{}
	for i := range 40 {
		n := int64(random.IntN(5))
		counts[n]++
		in = append(in, Rows(Row{Time: record.Time(i), Values: []any{n}}).Of(stream.InputID(i%2)), Watermark(record.Time(i)).Of(stream.InputID(i%2)))
	}
	in = append(in, End(1, 0)...)
	var rows []Row
	for n, count := range counts {
		rows = append(rows, Row{Values: []any{n, count}})
	}
	want := Want{stream.Main: Draw(Batch(record.NewPool(), tallySchema, rows))}
	inputs := []Input{{Schema: keeperSchema}, {Schema: keeperSchema}}
	for fault, wanted := range map[string]string{
		"":                             "",
		"watermark of the wrong input": "subtask 0 has come to the watermark 1970-01-01T00:00:00Z, not min",
		"update split":                 "ends a batch: the row that replaces it belongs right behind it",
		"insert again":                 "+I n=4 rows=2: there is n=4 rows=1 already",
		"another row before":           "there is no such row",
		"interleaved row lost":         "interleaved: rows:\nmissing",
		"order of inputs":              "missing",
	} {
		_, err := verify(&Case{New: newTally(fault), Inputs: inputs, Changelog: tallyChangelog, Stream: in}, want)
		if wanted == "" && err != nil || wanted != "" && (err == nil || !strings.Contains(err.Error(), wanted)) {
			t.Errorf("fault %q: %v, want an error with %q", fault, err, wanted)
		}
	}
}
