package window

import (
	"testing"
	"time"

	"github.com/weirstream/weir/operators/agg"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// watermarks keeps the watermarks that are emitted.
type watermarks struct {
	discard
	seen []record.Time
}

func (w *watermarks) Emit(_ stream.OutputID, e stream.Element) { w.seen = append(w.seen, e.Time) }

// A subtask made of several old ones goes on from the least of their watermarks:
// at a higher one it would fire windows whose rows it has not seen.
func TestRestoreTakesTheLeastWatermark(t *testing.T) {
	input := record.MustSchema(record.Field{Name: "key", Type: record.String})
	open, _, err := New(Config{Input: input, Keys: []int{0}, Shape: Tumble(time.Second, 0),
		Aggregates: []agg.Call{{Name: "n", Function: "count", Column: agg.None, Filter: agg.None}}})
	if err != nil {
		t.Fatal(err)
	}
	start := func(b *state.Backend) stream.Operator {
		op, err := open(stream.OperatorContext{Pool: record.NewCheckedPool(), State: b, Budget: 1, Counters: &stream.Counters{}})
		if err != nil {
			t.Fatal(err)
		}
		return op
	}
	var chains [][][]byte
	for i, w := range []record.Time{30, 10, 20} {
		backend := state.NewBackend(keyrange.Of(i, 3))
		op := start(backend)
		feed(t, op, stream.WatermarkOf(w))
		if err := op.Snapshot(1); err != nil {
			t.Fatal(err)
		}
		frozen := backend.Freeze(1)
		object, err := frozen.Encode()
		if err != nil {
			t.Fatal(err)
		}
		frozen.Release()
		chains = append(chains, [][]byte{object})
	}
	backend, err := state.Restore(keyrange.All, chains)
	if err != nil {
		t.Fatal(err)
	}
	var out watermarks
	if pending, err := start(backend).Resume(&out); err != nil || pending || len(out.seen) != 1 || out.seen[0] != 10 {
		t.Errorf("watermarks %v, pending %t, %v; want 10 and nothing pending", out.seen, pending, err)
	}
}
