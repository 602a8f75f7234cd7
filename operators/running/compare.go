package running

import (
	"bytes"

	"github.com/weirstream/weir/runtime/record"
)

// compare says which values of the first half of a column differ from those of the
// second.
func compare(c *record.Column, differ []bool) {
	compareStored(c, differ)
	if !c.HasNulls() {
		return
	}
	for k := range differ {
		if before, after := c.IsNull(k), c.IsNull(len(differ)+k); before || after {
			differ[k] = before != after
		}
	}
}

// compareStored compares what may lie beneath nulls.
func compareStored(c *record.Column, differ []bool) {
	switch c.Type().Kind {
	case record.KindString, record.KindBytes:
		texts := c.Strings()
		for k := range differ {
			differ[k] = !bytes.Equal(texts.At(k), texts.At(len(differ)+k))
		}
	case record.KindBool:
		bits := c.Bits()
		for k := range differ {
			differ[k] = record.BitAt(bits, k) != record.BitAt(bits, len(differ)+k)
		}
	case record.KindInt32, record.KindDate:
		compareValues(c.Int32s(), differ)
	case record.KindDecimal:
		compareValues(c.Decimals(), differ)
	default: // 8 bytes wide; NaN is as it was
		compareValues(c.Int64s(), differ)
	}
}

func compareValues[T comparable](values []T, differ []bool) {
	before, after := values[:len(differ)], values[len(differ):]
	for k, v := range before {
		differ[k] = v != after[k]
	}
}
