package state

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"

	"github.com/weirstream/weir/runtime/record"
)

// scalar is one value of a column: a word, or a text.
type scalar struct {
	word uint64
	text []byte
	null bool
}

func (c *column) scalar(r RowID) scalar {
	if c.isNull(r) {
		return scalar{null: true}
	}
	if c.heap != nil {
		return scalar{text: c.text(r)}
	}
	return scalar{word: c.words.get(r)}
}

// compare compares two values of the type of the column, in the order of [Order].
func (c *column) compare(a, b scalar) int {
	if a.null || b.null {
		return compareBools(a.null, b.null)
	}
	switch c.typ.Kind {
	case record.KindFloat64:
		return compareFloats(math.Float64frombits(a.word), math.Float64frombits(b.word))
	case record.KindDecimal:
		return decimalOf(a.text).Compare(decimalOf(b.text))
	case record.KindString, record.KindBytes:
		return bytes.Compare(a.text, b.text)
	}
	return cmp.Compare(int64(a.word), int64(b.word))
}

// compareRows compares the values of two rows.
func (c *column) compareRows(r, q RowID) int {
	if c.isInteger() && !c.hasNulls() {
		return cmp.Compare(int64(c.words.get(r)), int64(c.words.get(q)))
	}
	return c.compare(c.scalar(r), c.scalar(q))
}

func (c *column) isInteger() bool { return c.heap == nil && c.typ.Kind != record.KindFloat64 }

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// compareFloats compares floats of which NaN is the greatest.
func compareFloats(a, b float64) int {
	if a != a || b != b {
		return compareBools(a != a, b != b)
	}
	return cmp.Compare(a, b)
}

// lead returns an integer by which most values of a column compare: it rises with
// them, and values that have the same one are compared themselves.
func (c *column) lead(v scalar) int64 {
	switch {
	case v.null:
		return math.MaxInt64
	case c.typ.Kind == record.KindFloat64:
		return floatLead(v.word)
	case c.typ.Kind == record.KindDecimal:
		return decimalOf(v.text).Hi
	case c.heap != nil:
		var first [8]byte
		copy(first[:], v.text)
		return int64(binary.BigEndian.Uint64(first[:]) ^ 1<<63)
	}
	return int64(v.word)
}

// floatLead returns an integer that orders as floats do, given the bits of one.
func floatLead(bits uint64) int64 {
	if int64(bits) < 0 {
		return int64(bits ^ math.MaxInt64)
	}
	return int64(bits)
}

// lead returns what most comparisons of row r need.
func (o *ordering) lead(r RowID) int64 {
	switch {
	case o.first == nil:
		return 0
	case o.whole && !o.first.hasNulls():
		return o.table.directedLead(int64(o.first.words.get(r)))
	}
	return o.table.directedLead(o.first.lead(o.first.scalar(r)))
}

// compareTied compares two rows of a key that have the same lead: their sub-keys, then
// the order in which they were made.
func (o *ordering) compareTied(r, q RowID, lead int64) int {
	t := o.table
	subs := t.subs()
	for i := t.spec.Within + o.columnsIn(lead); i < len(subs); i++ {
		if c := subs[i].compareRows(r, q); c != 0 {
			return t.directed(c)
		}
	}
	if !t.spec.Multi || r == q {
		return 0
	}
	return cmp.Compare(t.number.get(r), t.number.get(q))
}

// columnsIn returns how many columns of the sub-keys of two rows are equal if this is
// the lead of both: the first, unless its values have more to them.
func (o *ordering) columnsIn(lead int64) int {
	if o.whole && lead != math.MaxInt64 && lead != math.MinInt64 { // those are nulls, perhaps
		return 1
	}
	return 0
}

// directed is the result of a comparison in the order of the table.
func (t *Table) directed(c int) int {
	if t.spec.Ordered == Descending {
		return -c
	}
	return c
}

func (t *Table) directedLead(lead int64) int64 {
	if t.spec.Ordered == Descending {
		return ^lead
	}
	return lead
}
