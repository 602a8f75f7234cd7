package window

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/weirstream/weir/operators/agg"
	"github.com/weirstream/weir/operators/optest"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// changedInput has the number of each row, which tells whether a window was open
// when the job changed.
var changedInput = record.MustSchema(
	record.Field{Name: "key", Type: record.Int64}, record.Field{Name: "v", Type: record.Int64},
	record.Field{Name: "name", Type: record.String}, record.Field{Name: "wanted", Type: record.Bool},
	record.Field{Name: "number", Type: record.Int64},
)

// changedCall is an aggregate and the parts of the state that it rests on.
type changedCall struct {
	agg.Call
	parts []string
}

var firstNumber = agg.Call{Name: "first", Function: "min", Column: 4, Filter: agg.None}

// changedCalls returns aggregates that share parts.
func changedCalls() (calls []changedCall) {
	for _, filter := range []int{agg.None, 3} {
		for _, column := range []int{1, 2} {
			lane := fmt.Sprintf(" %d %d", column, filter)
			calls = append(calls, changedCall{agg.Call{Function: "count", Column: column}, []string{"count" + lane}},
				changedCall{agg.Call{Function: "count", Column: column, Distinct: true}, []string{"distinct" + lane}},
				changedCall{agg.Call{Function: "max", Column: column}, []string{"max" + lane, "count" + lane}})
			if column == 1 {
				calls = append(calls, changedCall{agg.Call{Function: "sum", Column: column}, []string{"sum" + lane, "count" + lane}},
					changedCall{agg.Call{Function: "avg", Column: column}, []string{"sum" + lane, "count" + lane}})
			}
			for i := range calls {
				if calls[i].Name == "" {
					calls[i].Filter = filter
					calls[i].Name = fmt.Sprintf("%s %v%s", calls[i].Function, calls[i].Distinct, lane)
				}
			}
		}
	}
	return calls
}

// TestChangedAggregates stops an operator at random, restores it with other aggregates
// and another parallelism, and goes on: what was kept all the time counts as if nothing
// had changed, and what was added is NULL in windows that were open.
func TestChangedAggregates(t *testing.T) {
	shapes := []Shape{Tumble(4*time.Second, 0), Hop{Size: 6 * time.Second, Slide: 2 * time.Second}, Session{Gap: 2 * time.Second}}
	all := changedCalls()
	trial.Run(t, 60, func(c *trial.Case) {
		shape := shapes[c.Random.IntN(len(shapes))]
		c.Describe(func() string { return fmt.Sprintf("%T%+v", shape, shape) })
		elements := changedStream(c.Random)
		whole := newFleet(c.T, shape, all, 1, nil)
		whole.feed(elements)
		var got []changedResult
		var chains [][]state.Object
		since := map[string]int64{} // per part the number of the first row behind which it is there
		for phase, left := 0, elements; len(left) > 0; phase++ {
			n := 1 + c.Random.IntN(len(left))
			calls := slices.Clone(all)
			c.Random.Shuffle(len(calls), func(i, j int) { calls[i], calls[j] = calls[j], calls[i] })
			calls = calls[:1+c.Random.IntN(len(calls))]
			since = partsSince(since, calls, left[0].first)
			f := newFleet(c.T, shape, calls, 1+c.Random.IntN(3), chains)
			f.feed(left[:n])
			for _, r := range f.results {
				r.since, r.calls = since, calls
				got = append(got, r)
			}
			chains, left = f.stop(), left[n:]
		}
		checkChanged(c, whole.results, got)
	})
}

// partsSince adds what calls rest on, and forgets the rest.
func partsSince(was map[string]int64, calls []changedCall, now int64) map[string]int64 {
	since := map[string]int64{}
	for _, call := range calls {
		for _, part := range call.parts {
			since[part] = now
			if first, known := was[part]; known {
				since[part] = first
			}
		}
	}
	return since
}

func checkChanged(c *trial.Case, whole, got []changedResult) {
	c.Helper()
	want := map[string]changedResult{}
	for _, r := range whole {
		want[r.window] = r
	}
	for _, r := range got {
		w, known := want[r.window]
		if !known || r.first != w.first {
			c.Fatalf("%s, first row %d, should not be, or only once, or from row %d", r.window, r.first, w.first)
		}
		delete(want, r.window)
		for _, call := range r.calls {
			text := w.values[call.Name]
			for _, part := range call.parts {
				if w.first < r.since[part] {
					text = "null"
				}
			}
			if r.values[call.Name] != text {
				c.Fatalf("%s of %s, first row %d, is %s, not %s", call.Name, r.window, w.first, r.values[call.Name], text)
			}
		}
	}
	if len(want) > 0 {
		c.Fatalf("%d windows are missing", len(want))
	}
}

// changedElement is rows, or a watermark where there are none.
type changedElement struct {
	first     int64 // the number of the first row from here on
	rows      []optest.Row
	watermark record.Time
}

func changedStream(random *rand.Rand) (elements []changedElement) {
	number, at, fired := int64(0), int64(0), record.Time(0)
	for range 10 + random.IntN(30) {
		e := changedElement{first: number}
		for range 1 + random.IntN(8) {
			at += random.Int64N(900_000)
			row := optest.Row{Time: record.Time(max(0, at-random.Int64N(3_000_000))), Watermark: fired, Values: []any{
				random.Int64N(4), random.Int64N(9) - 4, string(rune('a' + random.IntN(3))), random.IntN(3) > 0, number}}
			if random.IntN(5) == 0 {
				row.Values[1+random.IntN(3)] = nil
			}
			e.rows = append(e.rows, row)
			number++
		}
		elements = append(elements, e)
		if random.IntN(3) == 0 {
			fired = max(fired, record.Time(at-2_000_000))
			elements = append(elements, changedElement{first: number, watermark: fired})
		}
	}
	return append(elements, changedElement{first: number, watermark: record.MaxTime})
}

// changedResult is a result with its values by the names of aggregates.
type changedResult struct {
	window string // and key
	first  int64  // the number of the first row
	values map[string]string

	calls []changedCall
	since map[string]int64
}

// fleet is the subtasks of a window.
type fleet struct {
	t         *testing.T
	operators []stream.Operator
	backends  []*state.Backend
	results   []changedResult
}

func newFleet(t *testing.T, shape Shape, calls []changedCall, parallelism int, chains [][]state.Object) *fleet {
	t.Helper()
	config := Config{Input: changedInput, Keys: []int{0}, Shape: shape, Aggregates: []agg.Call{firstNumber}}
	for _, c := range calls {
		config.Aggregates = append(config.Aggregates, c.Call)
	}
	open, _, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	f := &fleet{t: t}
	for i := range parallelism {
		b, err := state.Restore(keyrange.Of(i, parallelism), chains)
		if err != nil {
			t.Fatal(err)
		}
		op, err := open(stream.OperatorContext{Pool: record.NewCheckedPool(), State: b, Budget: 7, Counters: &stream.Counters{}})
		if err != nil {
			t.Fatal(err)
		}
		f.operators, f.backends = append(f.operators, op), append(f.backends, b)
	}
	return f
}

// Full implements stream.Emitter.
func (f *fleet) Full() bool { return false }

func (f *fleet) Emit(output stream.Output, e stream.Element) {
	if e.Kind != stream.KindBatch || output != stream.Main {
		e.Release()
		return
	}
	for row := range e.Batch.Len() {
		r := changedResult{values: map[string]string{}}
		for i, column := range e.Batch.Columns {
			text := string(column.AppendJSON(nil, row))
			switch name := e.Batch.Schema.Field(i).Name; {
			case i < 3:
				r.window += text + " "
			case name == firstNumber.Name:
				fmt.Sscan(text, &r.first)
			default:
				r.values[name] = text
			}
		}
		f.results = append(f.results, r)
	}
	e.Release()
}

// feed gives the subtasks what comes next. What the last element fires may be left
// in the middle.
func (f *fleet) feed(elements []changedElement) {
	f.t.Helper()
	for _, op := range f.operators {
		resume(f.t, op, f)
	}
	for n, e := range elements {
		if e.rows == nil && e.watermark < record.MaxTime && n == len(elements)-1 {
			f.begin(stream.WatermarkOf(e.watermark))
			return
		}
		for i, op := range f.operators {
			if e.rows == nil {
				feedTo(f.t, op, stream.WatermarkOf(e.watermark), f)
				continue
			}
			var own []optest.Row
			for _, r := range e.rows {
				if f.backends[i].Range().Contains(hashOf(r)) {
					own = append(own, r)
				}
			}
			if own != nil {
				feedTo(f.t, op, stream.BatchOf(optest.Batch(record.NewCheckedPool(), changedInput, own)), f)
			}
		}
	}
}

// begin fires some of what is due at a watermark.
func (f *fleet) begin(e stream.Element) {
	for _, op := range f.operators {
		err := op.Step(0, e, f)
		if err == nil {
			_, err = op.Resume(f)
		}
		if err != nil {
			f.t.Fatal(err)
		}
	}
}

func hashOf(r optest.Row) uint64 {
	b := optest.Batch(record.NewPool(), changedInput, []optest.Row{r})
	defer b.Release()
	return keyrange.Hash(nil, b.Columns[:1], nil, 1)[0]
}

// stop returns what a checkpoint holds, per subtask.
func (f *fleet) stop() (chains [][]state.Object) {
	for i, op := range f.operators {
		chains = append(chains, []state.Object{freeze(f.t, op, f.backends[i])})
	}
	return chains
}
