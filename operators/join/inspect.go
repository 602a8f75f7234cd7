package join

import (
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/state"
)

// Inspect returns what is held: a row for each row of a side, and one more if it is
// pending, with what it is held as, its key by the names of the left side, and its time.
// It is for tests and for those who look into a job's state; the caller owns the batch.
func (o *operator) Inspect() (*record.Batch, error) {
	fields := append([]record.Field{{Name: "held", Type: record.String}}, o.Left.keyFields()...)
	schema, err := record.NewSchema(append(fields, record.Field{Name: "time", Type: record.Timestamp})...)
	if err != nil {
		return nil, err
	}
	b := o.Pool.NewBatch(schema, o.sides[Left].table.Len()+o.sides[Right].table.Len()+o.pending.table.Len())
	for _, f := range schema.Fields() {
		b.Columns = append(b.Columns, o.Pool.NewColumn(f.Type, b.Physical()))
	}
	appendHeld(b.Columns, o.sides[Left].table, func(state.RowID) string { return "left" })
	appendHeld(b.Columns, o.sides[Right].table, func(state.RowID) string { return "right" })
	appendHeld(b.Columns, o.pending.table, func(r state.RowID) string {
		if stream.InputID(o.pending.side.Get(r)) == Left {
			return "left, pending"
		}
		return "right, pending"
	})
	return b, nil
}

func appendHeld(to []*record.Column, t *state.Table, as func(state.RowID) string) {
	var rows []state.RowID
	for r := t.Scan(0); r != state.NoRow; r = t.Scan(r + 1) {
		rows = append(rows, r)
		to[0].AppendString([]byte(as(r)))
	}
	keys := len(to) - 1
	t.AppendKeys(to[1:keys], rows)
	t.AppendSubs(to[keys:], rows)
}
