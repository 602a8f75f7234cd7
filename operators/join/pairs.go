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
	rows  [2][]state.RowID // by side
	times []int64
	left  int // how many more this call may emit
}

func (p *pairs) add(in stream.InputID, row, partner state.RowID, time int64) {
	p.rows[in] = append(p.rows[in], row)
	p.rows[1-in] = append(p.rows[1-in], partner)
	p.times = append(p.times, time)
}

func (p *pairs) reset() {
	p.rows[Left], p.rows[Right], p.times = p.rows[Left][:0], p.rows[Right][:0], p.times[:0]
}

// pair emits the pairs of a row with its partners from one on, as far as the budget
// goes, and returns the partner with which it is to go on, or NoRow.
func (o *operator) pair(in stream.InputID, row, partner state.RowID, out stream.Emitter) state.RowID {
	mine, theirs := &o.sides[in], &o.sides[1-in]
	time := mine.time.Get(row)
	for last := mine.last(time); partner != state.NoRow; partner = theirs.table.Next(partner) {
		at := theirs.time.Get(partner)
		switch {
		case at > last:
			return state.NoRow
		case o.pairs.left == 0:
			return partner
		}
		o.pairs.left--
		if o.pairs.add(in, row, partner, max(time, at)); len(o.pairs.times) == batchRows {
			o.emit(out)
		}
	}
	return state.NoRow
}

// emit puts out the pairs there are. If that is enough for now, none follow in this call.
func (o *operator) emit(out stream.Emitter) {
	n := len(o.pairs.times)
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
	copy(b.EventTime.Int64s(), o.pairs.times)
	o.pairs.reset()
	o.Counters.Out.Add(int64(n))
	out.Emit(stream.Main, stream.BatchOf(b))
	if out.Full() {
		o.pairs.left = 0
	}
}
