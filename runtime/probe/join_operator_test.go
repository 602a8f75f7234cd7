package probe

import (
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/watermark"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// The inputs of the join.
const (
	auctions stream.InputID = iota // id, category, at, expires
	bids                           // auction, bidder, price, at
)

var pairSchema = winnerSchema // auction, category, bidder, price, at: a bid and its auction

// join pairs each bid with its auction if it came while that was open. Rows of
// both sides are kept until the watermark of the other says that no partner can
// come: an auction until bids have passed its expiry, a bid until auctions have
// passed its time.
//
// A row that is taken in is marked as new in its table until its pairs have left,
// so that what is pending follows from the tables alone.
type join struct {
	stream.OperatorContext
	sides    [2]side
	combiner *watermark.Combiner
	marks    [2]record.Time
	due      record.Time // a watermark to forward when clean-up is done; MinTime: none

	pending []newRow
	// cleaning is the row where the clean-up of a side goes on; NoRow: done.
	cleaning [2]state.RowID

	most int // rows held at once
}

// side is the rows of one input. Its times are when a row begins to match and
// until when it does: an auction's, or the one moment of a bid.
type side struct {
	table        *state.Table
	isNew        state.Int64s
	values       [2]state.Int64s
	begin, until state.Int64s
	hashes       []uint64
}

type newRow struct {
	side stream.InputID
	row  state.RowID
}

func newJoin(c stream.OperatorContext) (stream.Operator, error) {
	o := &join{OperatorContext: c, combiner: watermark.NewCombiner(2), marks: [2]record.Time{record.MinTime, record.MinTime},
		due: record.MinTime, cleaning: [2]state.RowID{state.NoRow, state.NoRow}}
	for i, name := range [2]string{"auctions", "bids"} {
		t, err := c.State.Table(state.TableSpec{Name: name, Multi: true, Key: int64Fields("auction"),
			Values: int64Fields("new", "a", "b", "begin", "until")})
		if err != nil {
			return nil, err
		}
		o.sides[i] = side{t, t.Int64(0), [2]state.Int64s{t.Int64(1), t.Int64(2)}, t.Int64(3), t.Int64(4), nil}
	}
	for i, s := range o.sides {
		for r := s.table.Scan(0); r != state.NoRow; r = s.table.Scan(r + 1) {
			if s.isNew.Get(r) != 0 {
				o.pending = append(o.pending, newRow{stream.InputID(i), r})
			}
		}
	}
	return o, nil
}

func (o *join) Step(in stream.InputID, e stream.Element, out stream.Emitter) error {
	switch e.Kind {
	case stream.KindBatch:
		o.takeIn(in, accept(o.OperatorContext, e.Batch))
	case stream.KindWatermark:
		o.marks[in] = e.Time
		o.cleaning[1-in] = 0
		if o.combiner.Raise(int(in), e.Time) {
			o.due = o.combiner.Out()
		}
	case stream.KindIdle:
		o.combiner.SetIdle(int(in))
	case stream.KindEnd:
		if o.combiner.End(int(in)); o.combiner.Ended() {
			out.Emit(stream.Main, e)
		}
	}
	return nil
}

func (o *join) takeIn(in stream.InputID, b *record.Batch) {
	defer b.Release()
	s := &o.sides[in]
	keys := b.Columns[:1]
	s.hashes = keyrange.Hash(s.hashes[:0], keys, nil, b.Len())
	rows := make([]state.RowID, b.Len())
	s.table.Insert(s.hashes, keys, nil, nil, rows)
	for i, r := range rows {
		*s.isNew.Ptr(r) = 1
		*s.values[0].Ptr(r) = b.Columns[1].Int64s()[i]
		if in == auctions {
			*s.begin.Ptr(r), *s.until.Ptr(r) = b.Columns[2].Int64s()[i], b.Columns[3].Int64s()[i]
		} else {
			*s.values[1].Ptr(r) = b.Columns[2].Int64s()[i]
			*s.begin.Ptr(r), *s.until.Ptr(r) = b.Columns[3].Int64s()[i], b.Columns[3].Int64s()[i]
		}
		o.pending = append(o.pending, newRow{in, r})
	}
	o.most = max(o.most, o.sides[0].table.Len()+o.sides[1].table.Len())
}

// Resume emits the pairs of new rows, then cleans up, then forwards. The pairs of
// one row leave together.
func (o *join) Resume(out stream.Emitter) (pending bool, err error) {
	b := newBuilder(o.Pool, pairSchema, false)
	done := 0
	for ; done < len(o.pending) && b.rows < o.Budget; done++ {
		o.pair(b, o.pending[done])
	}
	o.pending = append(o.pending[:0], o.pending[done:]...)
	out.Emit(stream.Main, stream.BatchOf(b.end(pairSchema)))
	if len(o.pending) > 0 {
		return true, nil
	}
	for i := range o.sides {
		if o.clean(stream.InputID(i)) {
			return true, nil
		}
	}
	if o.due > record.MinTime {
		out.Emit(stream.Main, stream.WatermarkOf(o.due))
		o.due = record.MinTime
	}
	o.State.Release() // pending, which is empty, has the only rows that are kept across calls
	return false, nil
}

// pair emits the pairs of a new row with the rows of the other side that are not
// new themselves: those find this one when it is their turn.
func (o *join) pair(b *builder, n newRow) {
	mine, theirs := &o.sides[n.side], &o.sides[1-n.side]
	key := o.Pool.NewColumn(record.Int64, 1)
	defer key.Release()
	keys := []*record.Column{key}
	mine.table.AppendKeys(keys, []state.RowID{n.row})
	*mine.isNew.Ptr(n.row) = 0
	theirs.table.LoadKeys([]uint64{mine.table.Hash(n.row)}, keys, nil)
	for r := theirs.table.Seek(0, nil); r != state.NoRow; r = theirs.table.Next(r) {
		if theirs.isNew.Get(r) != 0 {
			continue
		}
		auction, bid := n.row, r
		if n.side == bids {
			auction, bid = r, n.row
		}
		o.emit(b, key.Int64s()[0], auction, bid)
	}
}

func (o *join) emit(b *builder, id int64, auction, bid state.RowID) {
	a, p := &o.sides[auctions], &o.sides[bids]
	at := p.begin.Get(bid)
	if at < a.begin.Get(auction) || at > a.until.Get(auction) {
		return
	}
	for i, v := range [...]int64{id, a.values[0].Get(auction), p.values[0].Get(bid), p.values[1].Get(bid), at} {
		b.columns[i].AppendInt64(v)
	}
	b.rows++
}

// clean deletes rows of a side that no partner can come for any more, looks at a
// bounded number of them, and reports whether there are more to look at.
func (o *join) clean(in stream.InputID) (more bool) {
	s := &o.sides[in]
	for range 4 * o.Budget {
		if o.cleaning[in] == state.NoRow {
			return false
		}
		r := s.table.Scan(o.cleaning[in])
		if r == state.NoRow {
			o.cleaning[in] = state.NoRow
			return false
		}
		o.cleaning[in] = r + 1
		if s.until.Get(r) < int64(o.marks[1-in]) {
			s.table.Delete(r)
		}
	}
	return true
}

func (o *join) Snapshot(stream.CheckpointID) error { return nil }
func (o *join) Close()                             {}
