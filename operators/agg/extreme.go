package agg

import (
	"math"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
)

// min(x) and max(x) are null where there are no values.
var (
	minFunction = function{
		name: "min", takes: anyKind,
		summary:  "The least x that is not NULL; NULL if there is none. NaN is greater than all other numbers; strings compare by their bytes.",
		examples: [][2]string{{"min(at)"}},
		plan:     func(t record.Type) plan { return planExtreme(t, least) },
	}
	maxFunction = function{
		name: "max", takes: anyKind,
		summary: "The greatest x that is not NULL; NULL if there is none. NaN is greater than all other numbers; " +
			"strings compare by their bytes.",
		examples: [][2]string{{"max(delay)"}},
		plan:     func(t record.Type) plan { return planExtreme(t, greatest) },
	}
)

// A direction says which end of the order is looked for. It is the mask that
// turns the bits of an int64 into an unsigned word of which the greatest is
// kept, and back: the sign bit is flipped so that unsigned order is signed order,
// and for the least value all others are, too.
type direction uint64

const (
	greatest direction = 1 << 63
	least    direction = ^greatest
)

func (d direction) String() string {
	if d == least {
		return "min"
	}
	return "max"
}

// extremeKinds holds the kind of each direction, so that calls share it.
var extremeKinds = map[direction]*kind{least: extremeKind(least), greatest: extremeKind(greatest)}

func planExtreme(t record.Type, d direction) plan {
	switch t.Kind {
	case record.KindString:
		return plan{t, []*kind{stringExtremeKinds[d], countKind}, finalStringExtreme}
	case record.KindBytes:
		return plan{t, []*kind{bytesExtremeKinds[d], countKind}, finalStringExtreme}
	case record.KindDecimal:
		return plan{t, []*kind{decimalExtremeKinds[d], countKind}, finalDecimalExtreme}
	}
	return plan{t, []*kind{extremeKinds[d], countKind}, finalExtreme}
}

func extremeKind(d direction) *kind {
	return &kind{
		name:    d.String(),
		columns: []record.Field{{Name: "greatest", Type: record.Int64}},
		open: func(o opening) (accumulator, error) {
			return &extreme{d, o.argument.Kind, o.Table.Int64(o.column)}, nil
		},
	}
}

// extreme keeps the greatest of words that order as the values do, or the other
// way round. The word of an empty group is 0, which is no greater than any.
type extreme struct {
	direction direction
	kind      record.Kind
	greatest  state.Int64s
}

func (e *extreme) update(l *lane) {
	switch e.kind {
	case record.KindFloat64:
		e.updateFloats(l)
	case record.KindBool:
		e.updateBools(l)
	case record.KindInt32, record.KindDate:
		raiseIntegers(e, l, l.values.Int32s())
	default:
		raiseIntegers(e, l, l.values.Int64s())
	}
}

func raiseIntegers[T int32 | int64](e *extreme, l *lane, values []T) {
	for k, g := range l.groups {
		e.raise(g, uint64(int64(values[l.at[k]]))^uint64(e.direction))
	}
}

func (e *extreme) updateFloats(l *lane) {
	values := l.values.Float64s()
	for k, g := range l.groups {
		e.raise(g, uint64(orderedBits(values[l.at[k]]))^uint64(e.direction))
	}
}

func (e *extreme) updateBools(l *lane) {
	bits := l.values.Bits()
	for k, g := range l.groups {
		v := uint64(0)
		if record.BitAt(bits, int(l.at[k])) {
			v = 1
		}
		e.raise(g, v^uint64(e.direction))
	}
}

func (e *extreme) raise(g state.RowID, word uint64) {
	if word > uint64(e.greatest.Get(g)) {
		*e.greatest.Ptr(g) = int64(word)
	}
}

func (e *extreme) merge(into groups, source accumulator, from groups) {
	other := source.(*extreme)
	for k, g := range into {
		e.raise(g, uint64(other.greatest.Get(from[k])))
	}
}

// orderedBits returns an integer that orders as v does among all float64: −0.0
// before 0.0, and NaN, of which there is one, last.
func orderedBits(v float64) int64 {
	if v != v {
		v = math.NaN()
	}
	b := int64(math.Float64bits(v))
	return b ^ int64(uint64(b>>63)>>1) // negative: the larger the magnitude, the less
}

// ofOrderedBits is the inverse of orderedBits.
func ofOrderedBits(b int64) float64 {
	return math.Float64frombits(uint64(b ^ int64(uint64(b>>63)>>1)))
}

func finalExtreme(parts []accumulator, rows groups, to *record.Column) *RangeError {
	e, n := parts[0].(*extreme), parts[1].(*count).n
	for _, g := range rows {
		v := e.greatest.Get(g) ^ int64(e.direction)
		switch {
		case n.Get(g) == 0:
			to.AppendNull()
		case e.kind == record.KindFloat64:
			to.AppendFloat64(ofOrderedBits(v))
		case e.kind == record.KindBool:
			to.AppendBool(v != 0)
		case e.kind == record.KindInt32, e.kind == record.KindDate:
			to.AppendInt32(int32(v))
		default:
			to.AppendInt64(v)
		}
	}
	return nil
}
