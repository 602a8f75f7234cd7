package state

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/weirstream/weir/runtime/record"
)

// Cursor is a place among the rows of a key in an Ordered table: in front of a row
// or just behind it, whether that row is still there or not. It is plain bytes, which
// may be kept in a cell or column, and means the same after a restore, at any
// parallelism. The empty Cursor is in front of all rows.
//
// Its first byte says whether it is behind the row and whether it has the number of
// one. Then come the values of the sub-key or of its first columns: 1 for a null, or 0
// and the value, 8 bytes or a length (uvarint) and the text. The number is 8 bytes.
// All integers have the least significant byte first.
type Cursor []byte

const (
	isBehind  = 1 << iota // behind the row, or behind all rows that begin like this
	hasNumber             // the place is that of a single row
)

// FromInt64 appends to a cursor, empty as a rule, the place in front of all rows
// whose first sub-key column, of type Int64 or Timestamp, is v.
func FromInt64(to Cursor, v int64) Cursor {
	return binary.LittleEndian.AppendUint64(append(to, 0, 0), uint64(v))
}

// Before appends to a cursor, empty as a rule, the place in front of a row.
func (t *Table) Before(to Cursor, r RowID) Cursor { return t.appendCursor(to, r, 0) }

// Behind appends to a cursor, empty as a rule, the place just behind a row.
func (t *Table) Behind(to Cursor, r RowID) Cursor { return t.appendCursor(to, r, isBehind) }

func (t *Table) appendCursor(to Cursor, r RowID, flags byte) Cursor {
	t.mustHave(r)
	if t.spec.Multi {
		flags |= hasNumber
	}
	to = append(to, flags)
	subs := t.subs()
	for i := range subs {
		to = subs[i].appendValue(to, r)
	}
	if t.spec.Multi {
		to = binary.LittleEndian.AppendUint64(to, t.number.get(r))
	}
	return to
}

func (c *column) appendValue(to Cursor, r RowID) Cursor {
	v := c.scalar(r)
	switch {
	case v.null:
		return append(to, 1)
	case c.heap != nil:
		return append(binary.AppendUvarint(append(to, 0), uint64(len(v.text))), v.text...)
	}
	return binary.LittleEndian.AppendUint64(append(to, 0), v.word)
}

// LoadKeys takes in the keys of the selected rows of a batch, which Seek and InsertKey
// are about until the table is given another batch; its arguments are those of
// [Table.Upsert].
func (t *Table) LoadKeys(hashes []uint64, keys []*record.Column, sel []int32) {
	t.loadKey(hashes, keys, sel)
}

// Seek returns the first row behind a place among those that have the key of selected
// row k, or NoRow. It takes time by the logarithm of their number. REQUIRES: LoadKeys.
func (t *Table) Seek(k int, from Cursor) RowID {
	o := t.ordered()
	o.bound.load(t, from)
	if t.cold != nil {
		t.bringSought(k)
	}
	o.sought.k, o.sought.one = int32(k), o.headOf(k)
	return t.present(o.firstBehind(o.sought.one), true)
}

// firstBehind returns the first row of the key of a head, or of none, that the bound is
// not behind.
func (o *ordering) firstBehind(head RowID) RowID {
	if head == NoRow {
		return NoRow
	}
	leaf := o.leafOf(head)
	if leaf != noNode {
		return o.rowAt(o.locate(o.rootOf(leaf), target{o.bound.lead, NoRow}))
	}
	if lead := o.lead(head); lead < o.bound.lead || lead == o.bound.lead && o.bound.isBehind(o.table, head) {
		return NoRow
	}
	return head
}

// Next returns the row just behind r, of those that Seek finds it among, or NoRow.
func (t *Table) Next(r RowID) RowID {
	t.mustHave(r)
	t.ordered().settleLike(r)
	t.bringOthers(r)
	return t.present(t.order.neighbour(r, true), true)
}

// Prev returns the row just before r, of those that Seek finds it among, or NoRow.
func (t *Table) Prev(r RowID) RowID {
	t.mustHave(r)
	t.ordered().settleLike(r)
	t.bringOthers(r)
	return t.present(t.order.neighbour(r, false), false)
}

// ordered returns the order of rows, which a caller takes to be there.
func (t *Table) ordered() *ordering {
	if t.spec.Ordered == Unordered {
		panic(fmt.Sprintf("state: Seek, Next, Prev or Insert on table %q, which is not Ordered", t.spec.Name))
	}
	return t.order
}

// bound is a Cursor, taken apart.
type bound struct {
	flags  byte
	known  int // how many columns of the sub-key it has
	values []scalar
	lead   int64 // of the first value of the order; below all others if there is none
	number uint64
}

// load takes a cursor apart. REQUIRES: it was made for a table of this declaration.
func (p *bound) load(t *Table, from Cursor) {
	o := t.order
	if o.whole && t.spec.Within == 0 && len(from) == 10 && from[0] == 0 && from[1] == 0 { // one of FromInt64
		word := binary.LittleEndian.Uint64(from[2:])
		p.flags, p.known, p.lead = 0, 1, t.directedLead(int64(word))
		p.values[0].word, p.values[0].null = word, false
		return
	}
	p.flags, p.known, p.lead = 0, 0, 0
	if o.first != nil {
		p.lead = math.MinInt64
	}
	if len(from) == 0 {
		return
	}
	p.flags, from = from[0], from[1:]
	rest := 0
	if p.flags&hasNumber != 0 {
		rest = 8
	}
	for subs := t.subs(); len(from) > rest; p.known++ {
		from = p.values[p.known].cut(from, &subs[p.known])
	}
	if w := t.spec.Within; p.known > w {
		p.lead = t.directedLead(o.first.lead(p.values[w]))
	}
	if rest > 0 {
		p.number = binary.LittleEndian.Uint64(from)
	}
}

// cut sets a value to the first one of a cursor, which is of a column, and returns what
// follows it.
func (v *scalar) cut(from Cursor, c *column) Cursor {
	v.null = from[0] == 1
	switch {
	case v.null:
		return from[1:]
	case c.heap != nil:
		n, size := binary.Uvarint(from[1:])
		from = from[1+size:]
		v.text = from[:n]
		return from[n:]
	}
	v.word = binary.LittleEndian.Uint64(from[1:])
	return from[9:]
}

// hash returns the hash of the columns that the order is within.
func (p *bound) hash(t *Table) (hash uint64) {
	if p.known < t.spec.Within {
		panic(fmt.Sprintf("state: Seek in table %q without the %d values that its order is within", t.spec.Name, t.spec.Within))
	}
	for i, v := range p.values[:t.spec.Within] {
		word := t.subs()[i].canonical(v)
		if hash = mixWord(hash, word); i == 0 {
			hash = word
		}
	}
	return hash
}

// isWithin reports whether a row has the values that the order is within.
func (p *bound) isWithin(t *Table, r RowID) bool {
	for i, v := range p.values[:t.spec.Within] {
		if c := &t.subs()[i]; c.compare(c.scalar(r), v) != 0 {
			return false
		}
	}
	return true
}

// isBehind reports whether the place is behind row r.
func (p *bound) isBehind(t *Table, r RowID) bool {
	subs := t.subs()
	for i := t.spec.Within; i < p.known; i++ {
		v := p.values[i]
		if c := subs[i].compare(subs[i].scalar(r), v); c != 0 {
			return t.directed(c) < 0
		}
	}
	if p.flags&hasNumber != 0 {
		if number := t.number.get(r); number != p.number {
			return number < p.number
		}
	}
	return p.flags&isBehind != 0
}
