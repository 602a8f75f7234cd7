package state

import (
	"math"

	"github.com/weirstream/weir/runtime/record"
)

// holdsAll reports whether every value of another type is one of a type: then a column of that
// can become one of this.
func holdsAll(to, from record.Type) bool {
	switch {
	case to == from:
		return true
	case from.Kind == record.KindInt32:
		return to == record.Int64 || to == record.Float64
	case from.Kind == record.KindDecimal:
		return to.Kind == record.KindDecimal && to.Scale == from.Scale && to.Precision >= from.Precision
	}
	return false
}

// widen gives a column a type that holds all its values. Only numbers and floats have other words.
func (t *Table) widen(c *column, to record.Type) {
	if c.typ == record.Int32 && to == record.Float64 {
		for r := t.live.next(0); r != NoRow; r = t.live.next(r + 1) {
			w := c.words.at(r)
			*w = math.Float64bits(float64(int64(*w)))
		}
	}
	c.typ = to
}
