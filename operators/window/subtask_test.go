package window

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/weirstream/weir/operators/agg"
	"github.com/weirstream/weir/operators/optest"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/state"
)

// drawn keeps what is emitted, as text.
type drawn struct {
	seen   []string
	behind string // a row that left behind the watermark before it
	mark   record.Time
}

func (d *drawn) Full() bool { return false }

func (d *drawn) Emit(output stream.Output, e stream.Element) {
	switch e.Kind {
	case stream.KindWatermark:
		d.mark = e.Time
	case stream.KindBatch:
		for i, line := range optest.Draw(e.Batch) {
			d.seen = append(d.seen, string(output)+" "+line)
			if output == stream.Main && record.Time(e.Batch.EventTime.Int64s()[i]) < d.mark {
				d.behind = line
			}
		}
	}
	e.Release()
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
