package agg

import (
	"math/big"
	"math/bits"

	"github.com/weirstream/weir/runtime/decimal"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
)

var decimalSumKind = &kind{
	name: "sum",
	columns: []record.Field{
		{Name: "low", Type: record.Int64}, {Name: "high", Type: record.Int64}, {Name: "top", Type: record.Int64},
	},
	open: func(o opening) (accumulator, error) {
		return &decimalSum{o.Table.Int64(o.column), o.Table.Int64(o.column + 1), o.Table.Int64(o.column + 2)}, nil
	},
}

// decimalSum adds up decimals exactly, in 192 bits: 2⁶⁴ values cannot overflow it,
// so that the result does not depend on their order.
type decimalSum struct{ low, high, top state.Int64s }

func (s *decimalSum) update(l *lane) {
	values := l.values.Decimals()
	for k, g := range l.groups {
		v := values[l.at[k]]
		s.add(g, v.Lo, uint64(v.Hi), v.Hi>>63)
	}
}

func (s *decimalSum) add(g state.RowID, low, high uint64, top int64) {
	l, carry := bits.Add64(uint64(s.low.Get(g)), low, 0)
	h, carry := bits.Add64(uint64(s.high.Get(g)), high, carry)
	*s.low.Ptr(g), *s.high.Ptr(g) = int64(l), int64(h)
	if top += int64(carry); top != 0 {
		*s.top.Ptr(g) += top
	}
}

func (s *decimalSum) merge(into groups, source accumulator, from groups) {
	other := source.(*decimalSum)
	for k, g := range into {
		f := from[k]
		s.add(g, uint64(other.low.Get(f)), uint64(other.high.Get(f)), other.top.Get(f))
	}
}

// total returns the sum, and whether it fits into 128 bits.
func (s *decimalSum) total(g state.RowID) (decimal.Num, bool) {
	high := s.high.Get(g)
	return decimal.Num{Lo: uint64(s.low.Get(g)), Hi: high}, s.top.Get(g) == high>>63
}

// exact returns the sum as a whole number, the scale left out.
func (s *decimalSum) exact(g state.RowID) *big.Int {
	v := big.NewInt(s.top.Get(g))
	v.Lsh(v, 64).Or(v, new(big.Int).SetUint64(uint64(s.high.Get(g))))
	return v.Lsh(v, 64).Or(v, new(big.Int).SetUint64(uint64(s.low.Get(g))))
}

func planDecimalSum(argument record.Type) plan {
	result := record.Type{Kind: record.KindDecimal, Precision: decimal.MaxPrecision, Scale: argument.Scale}
	final := func(parts []accumulator, rows groups, to *record.Column) *RangeError {
		s, n := parts[0].(*decimalSum), parts[1].(*count).n
		for _, g := range rows {
			total, ok := s.total(g)
			switch {
			case n.Get(g) == 0:
				to.AppendNull()
			case !ok || !total.Fits(decimal.MaxPrecision):
				return &RangeError{Value: s.exact(g).String() + scaleText(argument), Type: result, Group: g}
			default:
				to.AppendDecimal(total)
			}
		}
		return nil
	}
	return plan{result, []*kind{decimalSumKind, countKind}, final}
}

// averagePlaces is how many digits after the point the average of decimals has
// at least.
const averagePlaces = 6

func planDecimalAverage(argument record.Type) plan {
	result := record.Type{Kind: record.KindDecimal, Precision: decimal.MaxPrecision, Scale: max(argument.Scale, averagePlaces)}
	more := int(result.Scale - argument.Scale)
	final := func(parts []accumulator, rows groups, to *record.Column) *RangeError {
		s, n := parts[0].(*decimalSum), parts[1].(*count).n
		for _, g := range rows {
			count := n.Get(g)
			if count == 0 {
				to.AppendNull()
				continue
			}
			average, ok := s.average(g, count, more)
			if !ok {
				return &RangeError{Value: s.exact(g).String() + scaleText(argument), Type: result, Group: g}
			}
			to.AppendDecimal(average)
		}
		return nil
	}
	return plan{result, []*kind{decimalSumKind, countKind}, final}
}

// average returns the sum divided by n with more digits than it has, rounded half
// away from zero.
func (s *decimalSum) average(g state.RowID, n int64, more int) (decimal.Num, bool) {
	if total, ok := s.total(g); ok {
		average, ok := total.DivRound(decimal.FromInt64(n), more)
		return average, ok && average.Fits(decimal.MaxPrecision)
	}
	text := new(big.Rat).SetFrac(s.exact(g), big.NewInt(n)).FloatString(more) // rounds half away from zero
	average, _, err := decimal.Parse([]byte(text), decimal.MaxPrecision, more)
	return average, err == nil
}

// scaleText says where the point stands in a whole number of a type.
func scaleText(t record.Type) string {
	if t.Scale == 0 {
		return ""
	}
	return "e-" + big.NewInt(int64(t.Scale)).String()
}
