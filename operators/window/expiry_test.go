package window

import (
	"fmt"
	"testing"
	"time"

	"github.com/weirstream/weir/operators/agg"
	"github.com/weirstream/weir/operators/optest"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// When everything has fired no state is left, distinct values included.
func TestNothingIsLeft(t *testing.T) {
	input := record.MustSchema(record.Field{Name: "key", Type: record.String}, record.Field{Name: "v", Type: record.Int64})
	calls := []agg.Call{{Name: "values", Function: "count", Distinct: true, Column: 1, Filter: agg.None}}
	for _, c := range []struct {
		shape  Shape
		tables map[string]state.TableSpec // by name: what is not the same in all
	}{
		{Tumble(10*time.Second, 0), map[string]state.TableSpec{"windows": {}}},
		{Hop{Size: 10 * time.Second, Slide: 4 * time.Second}, map[string]state.TableSpec{
			"panes": {Values: []record.Field{{Name: "next_window", Type: record.Int64}}}, "firing": {}}},
		{Session{Gap: 3 * time.Second}, map[string]state.TableSpec{
			"sessions": {Multi: true, Values: []record.Field{{Name: "window_end", Type: record.Timestamp}}}}},
	} {
		t.Run(fmt.Sprintf("%T", c.shape), func(t *testing.T) {
			open, _, err := New(Config{Input: input, Keys: []int{0}, Shape: c.shape, Aggregates: calls})
			if err != nil {
				t.Fatal(err)
			}
			pool, backend := record.NewCheckedPool(), state.NewBackend(keyrange.All)
			op, err := open(stream.OperatorContext{Pool: pool, State: backend, Budget: 7, Counters: &stream.Counters{}})
			if err != nil {
				t.Fatal(err)
			}
			for i := range 200 {
				row := optest.Row{Time: record.Time(i*7919%100) * 1e6, Watermark: record.Time(i/4) * 1e6, Values: []any{fmt.Sprint("key ", i%7), int64(i % 5)}}
				feed(t, op, stream.BatchOf(optest.Batch(pool, input, []optest.Row{row})))
			}
			feed(t, op, stream.WatermarkOf(record.MaxTime))
			for name, spec := range c.tables {
				checkEmpty(t, backend, name, spec)
			}
			if err := pool.Check(); err != nil {
				t.Error(err)
			}
		})
	}
}

func feed(t *testing.T, op stream.Operator, e stream.Element) {
	t.Helper()
	feedTo(t, op, e, discard{})
}

// checkEmpty opens a table of groups once more, and that of its distinct values.
func checkEmpty(t *testing.T, backend *state.Backend, name string, groups state.TableSpec) {
	t.Helper()
	key := record.Field{Name: "key", Type: record.String}
	id := record.Field{Name: "group_id", Type: record.Int64}
	groups.Name, groups.Key, groups.Order = name, []record.Field{key}, true
	groups.Values = append(groups.Values, id, record.Field{Name: "distinct(v).n", Type: record.Int64})
	values := state.TableSpec{Name: name + ".distinct0", Order: true,
		Key: []record.Field{{Name: "key.key", Type: record.String}, {Name: "value", Type: record.Int64}, id}}
	for _, spec := range []state.TableSpec{groups, values} {
		table, err := backend.Table(spec)
		if err != nil {
			t.Fatal(err)
		}
		if table.Limit() == 0 || table.Len() != 0 {
			t.Errorf("table %q has %d rows, and never had more than %d; want none, and some", spec.Name, table.Len(), table.Limit())
		}
	}
}

type discard struct{}

func (discard) Full() bool                               { return false }
func (discard) Emit(_ stream.OutputID, e stream.Element) { e.Release() }
