package join

import (
	"math"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/state"
)

// pending is the rows that have partners which they have not been paired with yet.
type pending struct {
	table *state.Table // by key and time of the row
	side  state.Int64s // the row's
	row   state.Strings
	next  state.Strings // in front of the partner with which it goes on
	due   []state.RowID
	some  bool // there may be rows: the table knows how many it has only about

	// Scratch.
	place  state.Cursor
	keys   []*record.Column
	hashes []uint64
}

func openPending(b *state.Backend, keys []record.Field) (p pending, err error) {
	p.table, err = b.Table(state.TableSpec{
		Name: "pending", Key: keys, Multi: true, Sub: []record.Field{{Name: "time", Type: record.Timestamp}}, Due: state.DueBySub,
		Values: []record.Field{{Name: "side", Type: record.Int64}, {Name: "row", Type: record.Bytes}, {Name: "next", Type: record.Bytes}},
	})
	if err != nil {
		return p, err
	}
	p.side, p.row, p.next = p.table.Int64(0), p.table.String(1), p.table.String(2)
	p.some = p.table.Len() > 0
	return p, nil
}

// leave notes that a row, number k of the batch, is to go on with a partner.
func (o *operator) leave(in stream.InputID, k int, row, partner state.RowID) {
	p, mine := &o.pending, &o.sides[in]
	if !o.left {
		p.table.LoadKeys(o.hashes, mine.keys, nil)
		o.left = true
	}
	r := p.table.InsertKey(k, mine.time.Get(row))
	p.some = true
	*p.side.Ptr(r) = int64(in)
	p.place = mine.table.Before(p.place[:0], row)
	p.row.Set(r, p.place)
	o.goOnAt(in, r, partner)
}

// goOnAt says with which partner a pending row goes on.
func (o *operator) goOnAt(in stream.InputID, r, partner state.RowID) {
	p := &o.pending
	p.place = o.sides[1-in].table.Before(p.place[:0], partner)
	p.next.Set(r, p.place)
}

// pendingRows is the most rows that are looked up at a time.
const pendingRows = 64

// goOn emits pairs of pending rows and reports whether there are more.
func (o *operator) goOn(out stream.Emitter) (more bool) {
	p := &o.pending
	for p.some && o.pairs.left > 0 {
		var more bool
		if p.due, more = p.table.Due(math.MaxInt64, min(o.pairs.left, pendingRows), p.due[:0]); len(p.due) == 0 {
			p.some = more
			break // which is enough for this call
		}
		o.loadPending()
		o.goOnWithDue(out)
		for _, c := range p.keys {
			c.Release()
		}
		p.some = p.table.Len() > 0
	}
	o.emit(out)
	return p.some
}

// goOnWithDue emits pairs of the pending rows that are due, as far as the budget goes.
func (o *operator) goOnWithDue(out stream.Emitter) {
	p := &o.pending
	for k, r := range p.due {
		in := stream.InputID(p.side.Get(r))
		row := o.sides[in].table.Seek(k, p.row.Get(r))
		partner := o.sides[1-in].table.Seek(k, p.next.Get(r))
		if partner = o.pair(in, row, partner, out); partner != state.NoRow {
			o.goOnAt(in, r, partner)
			return
		}
		p.table.Delete(r)
	}
}

// loadPending has both sides take in the keys of the pending rows that are due.
func (o *operator) loadPending() {
	p := &o.pending
	p.keys, p.hashes = p.keys[:0], p.hashes[:0]
	for _, f := range p.table.Spec().Key {
		p.keys = append(p.keys, o.Pool.NewColumn(f.Type, len(p.due)))
	}
	p.table.AppendKeys(p.keys, p.due)
	for _, r := range p.due {
		p.hashes = append(p.hashes, p.table.Hash(r))
	}
	for i := range o.sides {
		o.sides[i].table.LoadKeys(p.hashes, p.keys, nil)
	}
}
