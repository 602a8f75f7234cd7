package join

import (
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/state"
)

// batchRows is the most rows of a batch of pairs.
const batchRows = 1024

// pairs is pairs that are about to leave.
type pairs struct {
	rows [2][]state.RowID // by side
	left int              // how many more this call may emit
}

// pair emits the pairs of a row with its partners from one on, as far as the budget
// goes, and returns the partner with which it is to go on, or NoRow.
func (o *operator) pair(in stream.InputID, row, partner state.RowID, out stream.Emitter) state.RowID {
	theirs := &o.sides[1-in]
	last := o.sides[in].last(o.sides[in].time.Get(row))
	for ; partner != state.NoRow && theirs.time.Get(partner) <= last; partner = theirs.table.Next(partner) {
		if o.pairs.left == 0 {
			return partner
		}
		o.pairs.left--
		o.pairs.rows[in] = append(o.pairs.rows[in], row)
		o.pairs.rows[1-in] = append(o.pairs.rows[1-in], partner)
		if len(o.pairs.rows[in]) == batchRows {
			o.emit(out)
		}
	}
	return state.NoRow
}

// emit puts out the pairs there are. If that is enough for now, none follow in this call.
func (o *operator) emit(out stream.Emitter) {
	n := len(o.pairs.rows[Left])
	if n == 0 {
		return
	}
	b := o.Pool.NewBatch(o.Output, n)
	for _, f := range o.Output.Fields() {
		b.Columns = append(b.Columns, o.Pool.NewColumn(f.Type, n))
	}
	left, right := &o.sides[Left], &o.sides[Right]
	left.appendTo(b.Columns[:len(left.values)], o.pairs.rows[Left])
	right.appendTo(b.Columns[len(left.values):], o.pairs.rows[Right])
	b.EventTime = o.Pool.NewColumn(record.Timestamp, n)
	b.EventTime.Resize(n)
	times := b.EventTime.Int64s()
	for k, r := range o.pairs.rows[Left] {
		times[k] = max(left.time.Get(r), right.time.Get(o.pairs.rows[Right][k]))
	}
	o.pairs.rows[Left], o.pairs.rows[Right] = o.pairs.rows[Left][:0], o.pairs.rows[Right][:0]
	o.Counters.Out.Add(int64(n))
	out.Emit(stream.Main, stream.BatchOf(b))
	if out.Full() {
		o.pairs.left = 0
	}
}
