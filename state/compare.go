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
		return scalar{text: c.heap.get(c.words.get(r))}
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
