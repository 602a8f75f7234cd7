package window

import (
	"bytes"
	"fmt"
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

// drawn keeps what is emitted, as text.
type drawn struct{ seen []string }

func (d *drawn) Full() bool { return false }

func (d *drawn) Emit(output stream.Output, e stream.Element) {
	if e.Kind == stream.KindBatch {
		for _, line := range optest.Draw(e.Batch) {
			d.seen = append(d.seen, string(output)+" "+line)
		}
	}
	e.Release()
}

// Subtasks that have seen inputs become idle in different orders have fired
// different windows. Restored into others, each window comes out once: those
// that the greatest watermark has passed at once, and what comes for them late.
func TestRestoreTakesTheGreatestWatermark(t *testing.T) {
	shapes := []Shape{Tumble(time.Second, 0), Hop{Size: 3 * time.Second, Slide: time.Second}, Session{Gap: 100 * time.Millisecond}}
	trial.Run(t, 30, func(c *trial.Case) {
		shape := shapes[c.Random.IntN(len(shapes))]
		from, to := 1+c.Random.IntN(3), 1+c.Random.IntN(3)
		open := openCount(c.T, shape)
		var chains [][]state.Object
		var before drawn
		var watermarks []record.Time
		for i := range from {
			op, backend := open(state.NewBackend(keyrange.Of(i, from)))
			feedKeys(c.T, op, backend, &before)
			watermarks = append(watermarks, record.Time(1+c.Random.IntN(5))*1e6)
			feedTo(c.T, op, stream.WatermarkOf(watermarks[i]), &before)
			chains = append(chains, []state.Object{freeze(c.T, op, backend)})
		}
		var fired, end drawn
		var want []string
		for i := range to {
			backend, err := state.Restore(keyrange.Of(i, to), chains)
			if err != nil {
				c.Fatal(err)
			}
			op, _ := open(backend)
			resume(c.T, op, &fired)
			keys := feedKeys(c.T, op, backend, &end) // again: of a split that woke
			feedTo(c.T, op, stream.WatermarkOf(record.MaxTime), &end)
			greatest := record.MinTime
			for j, w := range watermarks {
				if keyrange.Of(j, from).Overlaps(keyrange.Of(i, to)) {
					greatest = max(greatest, w)
				}
			}
			want = append(want, expectedOnce(shape, greatest, keys)...)
		}
		all := sorted(slices.Concat(before.seen, fired.seen, end.seen))
		if !slices.Equal(all, sorted(want)) {
			c.Fatalf("%T from subtasks at %v to %d:\n%v\nwant\n%v", shape, watermarks, to, all, sorted(want))
		}
	})
}

// restoreAt is the event time of all rows.
const restoreAt = 500_000

// expectedOnce is what comes out where each key has two rows, the second behind
// the watermark fired.
func expectedOnce(shape Shape, fired record.Time, keys []int64) (lines []string) {
	starts := []int64{0}
	size := int64(1e6)
	switch shape := shape.(type) {
	case Hop:
		size = shape.Size.Microseconds()
		for s := shape.Slide.Microseconds(); s < size; s += shape.Slide.Microseconds() {
			starts = append(starts, -s)
		}
	case Session:
		starts, size = []int64{restoreAt}, shape.Gap.Microseconds()
	}
	for _, key := range keys {
		late := true
		for _, start := range starts {
			n := 1
			if start+size > int64(fired) {
				n, late = 2, false
			}
			lines = append(lines, fmt.Sprintf(" key=%d [%v,%v) n=%d", key, us(start), us(start+size), n))
		}
		if late {
			lines = append(lines, fmt.Sprintf("late key=%d", key))
		}
	}
	return lines
}

func us(t int64) time.Duration { return time.Duration(t) * time.Microsecond }

func sorted(lines []string) []string { return slices.Sorted(slices.Values(lines)) }

var restoreInput = record.MustSchema(record.Field{Name: "key", Type: record.Int64})

// openCount returns what opens an operator that counts rows by key.
func openCount(t *testing.T, shape Shape) func(*state.Backend) (stream.Operator, *state.Backend) {
	open, _, err := New(Config{Input: restoreInput, Keys: []int{0}, Shape: shape,
		Aggregates: []agg.Call{{Name: "n", Function: "count", Column: agg.None, Filter: agg.None}}})
	if err != nil {
		t.Fatal(err)
	}
	return func(b *state.Backend) (stream.Operator, *state.Backend) {
		b.CheckRows()
		op, err := open(stream.OperatorContext{Pool: record.NewCheckedPool(), State: b, Budget: 7, Counters: &stream.Counters{}})
		if err != nil {
			t.Fatal(err)
		}
		return op, b
	}
}

// feedKeys gives an operator a row for each key that is its own, one at a time.
func feedKeys(t *testing.T, op stream.Operator, backend *state.Backend, out stream.Emitter) (keys []int64) {
	t.Helper()
	pool := record.NewCheckedPool()
	for key := range int64(20) {
		b := optest.Batch(pool, restoreInput, []optest.Row{{Time: restoreAt, Values: []any{key}}})
		if !backend.Range().Contains(keyrange.Hash(nil, b.Columns, nil, 1)[0]) {
			b.Release()
			continue
		}
		feedTo(t, op, stream.BatchOf(b), out)
		keys = append(keys, key)
	}
	return keys
}

func feedTo(t *testing.T, op stream.Operator, e stream.Element, out stream.Emitter) {
	t.Helper()
	if err := op.Step(0, e, out); err != nil {
		t.Fatal(err)
	}
	resume(t, op, out)
}

func resume(t *testing.T, op stream.Operator, out stream.Emitter) {
	t.Helper()
	if err := optest.Resume(op, out); err != nil {
		t.Fatal(err)
	}
}

// freeze returns the state of an operator as a checkpoint has it.
func freeze(t *testing.T, op stream.Operator, backend *state.Backend) state.Object {
	t.Helper()
	if err := op.Snapshot(1); err != nil {
		t.Fatal(err)
	}
	frozen := backend.Freeze(1)
	defer frozen.Release()
	var object bytes.Buffer
	if err := frozen.Encode(&object); err != nil {
		t.Fatal(err)
	}
	return state.ObjectOf(object.Bytes())
}
