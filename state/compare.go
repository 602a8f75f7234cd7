package state

import (
	"bytes"
	"cmp"
	"math"

	"github.com/weirstream/weir/runtime/record"
)

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
