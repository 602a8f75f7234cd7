package running_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/weirstream/weir/operators/agg"
	"github.com/weirstream/weir/operators/optest"
	"github.com/weirstream/weir/operators/running"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

var changedInput = record.MustSchema(
	record.Field{Name: "key", Type: record.Int64}, record.Field{Name: "v", Type: record.Int64}, record.Field{Name: "w", Type: record.Float64})

// life is an aggregation from one restore to the next.
type life struct {
	*testing.T
	op      stream.Operator
	backend *state.Backend
	changes []string
}

// Full implements stream.Emitter.
func (l *life) Full() bool { return false }

// Emit implements stream.Emitter.
func (l *life) Emit(_ stream.Output, e stream.Element) {
	if e.Kind == stream.KindBatch {
		l.changes = append(l.changes, optest.Draw(e.Batch)...)
	}
	e.Release()
}

// live opens an aggregation on a checkpoint, or none, and brings a row, as a batch.
func live(t *testing.T, checkpoint []byte, v int64, calls ...agg.Call) *life {
	t.Helper()
	l := &life{T: t, backend: state.NewBackend(keyrange.All)}
	var err error
	if checkpoint != nil {
		if l.backend, err = state.Restore(keyrange.All, [][]state.Object{{state.ObjectOf(checkpoint)}}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range calls {
		calls[i].Filter = agg.None
	}
	open, _, err := running.New(running.Config{Input: changedInput, Keys: []int{0}, Aggregates: calls})
	if err != nil {
		t.Fatal(err)
	}
	pool := record.NewPool()
	l.op, err = open(stream.OperatorContext{
		Pool: pool, State: l.backend, Budget: 10, Progress: stream.NewProgress(1), Counters: &stream.Counters{},
	})
	if err != nil {
		t.Fatal(err)
	}
	row := optest.Row{Values: []any{int64(1), v, float64(v) / 2}}
	if err := l.op.Step(0, stream.BatchOf(optest.Batch(pool, changedInput, []optest.Row{row})), l); err != nil {
		t.Fatal(err)
	}
	if err := optest.Resume(l.op, l); err != nil {
		t.Fatal(err)
	}
	return l
}

// checkpoint returns the state, as a full snapshot.
func (l *life) checkpoint() []byte {
	frozen := l.backend.Freeze(1)
	defer frozen.Release()
	var object bytes.Buffer
	if err := frozen.Encode(&object); err != nil {
		l.Fatal(err)
	}
	return object.Bytes()
}

// Names and order of aggregates mean nothing to state, so what was emitted is found
// again by what was computed: it is withdrawn as it was, whatever it is called now, and
// something else may have the name.
func TestRenamedAggregates(t *testing.T) {
	sum := agg.Call{Name: "a", Function: "sum", Column: 1}
	count := agg.Call{Name: "b", Function: "count", Column: agg.None}
	checkpoint := live(t, nil, 5, sum, count).checkpoint()
	renamed := func(c agg.Call, name string) agg.Call {
		c.Name = name
		return c
	}
	for name, c := range map[string]struct {
		calls []agg.Call
		want  []string
	}{
		"another name":  {[]agg.Call{renamed(sum, "c"), count}, []string{"-U key=1 c=5 b=1", "+U key=1 c=8 b=2"}},
		"another order": {[]agg.Call{count, sum}, []string{"-U key=1 b=1 a=5", "+U key=1 b=2 a=8"}},
		"names swapped": {[]agg.Call{renamed(sum, "b"), renamed(count, "a")}, []string{"-U key=1 b=5 a=1", "+U key=1 b=8 a=2"}},
		"twice":         {[]agg.Call{sum, count, renamed(sum, "c")}, []string{"-U key=1 a=5 b=1 c=null", "+U key=1 a=8 b=2 c=8"}},
		"another type":  {[]agg.Call{{Name: "a", Function: "sum", Column: 2}, count}, []string{"-U key=1 a=null b=1", "+U key=1 a=null b=2"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := live(t, checkpoint, 3, c.calls...).changes; !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// The values of a distinct count that is gone are in no checkpoint from then on.
func TestDroppedDistinctCount(t *testing.T) {
	count := agg.Call{Name: "n", Function: "count", Column: agg.None}
	with := live(t, nil, 5, count, agg.Call{Name: "values", Function: "count", Distinct: true, Column: 1})
	without := live(t, with.checkpoint(), 6, count)
	if rows := without.backend.Rows(); rows != 1 {
		t.Errorf("%d rows are in state, want that of the only group", rows)
	}
}
