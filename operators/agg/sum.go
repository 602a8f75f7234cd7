package agg

import (
	"math/big"
	"math/bits"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
)

// sum(x) is null where there are no values. Integers give an int64, decimals one
// of 38 digits and the same scale.
var sumFunction = function{
	name: "sum", takes: numberKinds,
	summary: "The sum of all x that are not NULL; NULL if there are none. Integers and decimals are added exactly, and fail only " +
		"if the sum is out of range of int64 or of 38 digits; floats are added with compensation, whatever their order.",
	examples: [][2]string{{"sum(price)"}, {"sum(price * quantity) FILTER (WHERE paid)"}},
	plan: func(argument record.Type) plan {
		switch argument.Kind {
		case record.KindFloat64:
			return plan{record.Float64, []*kind{floatSumKind, countKind}, finalFloatSum}
		case record.KindDecimal:
			return planDecimalSum(argument)
		}
		return plan{record.Int64, []*kind{sumKind, countKind}, finalSum}
	},
}

var sumKind = &kind{
	name:    "sum",
	columns: []record.Field{{Name: "low", Type: record.Int64}, {Name: "high", Type: record.Int64}},
	open: func(o opening) (accumulator, error) {
		return &sum{o.Table.Int64(o.column), o.Table.Int64(o.column + 1)}, nil
	},
}

// sum adds up int64 exactly, in 128 bits: 2⁶⁴ values cannot overflow it.
type sum struct{ low, high state.Int64s }

func (s *sum) update(l *lane) {
	if l.values.Type() == record.Int32 {
		addIntegers(s, l, l.values.Int32s())
		return
	}
	addIntegers(s, l, l.values.Int64s())
}

func addIntegers[T int32 | int64](s *sum, l *lane, values []T) {
	for k, g := range l.groups {
		v := int64(values[l.at[k]])
		s.add(g, uint64(v), v>>63)
	}
}

// add adds the 128-bit number of which low and high are the halves.
func (s *sum) add(g state.RowID, low uint64, high int64) {
	p := s.low.Ptr(g)
	total, carry := bits.Add64(uint64(*p), low, 0)
	*p = int64(total)
	if high += int64(carry); high != 0 {
		*s.high.Ptr(g) += high
	}
}

func (s *sum) merge(into groups, source accumulator, from groups) {
	other := source.(*sum)
	for k, g := range into {
		low, high := other.total(from[k])
		s.add(g, low, high)
	}
}

func (s *sum) total(g state.RowID) (low uint64, high int64) {
	return uint64(s.low.Get(g)), s.high.Get(g)
}

func finalSum(parts []accumulator, rows groups, to *record.Column) *RangeError {
	s, n, had := parts[0].(*sum), parts[1].(*count).n, to.Len()
	to.Resize(had + len(rows))
	values := to.Int64s()[had:]
	for k, g := range rows {
		low, high := s.total(g)
		switch {
		case n.Get(g) == 0:
			values[k] = 0
			to.SetNull(had + k)
		case high != int64(low)>>63:
			return &RangeError{Value: wide(low, high).String(), Type: record.Int64, Group: g}
		default:
			values[k] = int64(low)
		}
	}
	return nil
}

// wide returns the 128-bit number of which low and high are the halves.
func wide(low uint64, high int64) *big.Int {
	v := new(big.Int).Lsh(big.NewInt(high), 64)
	return v.Add(v, new(big.Int).SetUint64(low))
}
