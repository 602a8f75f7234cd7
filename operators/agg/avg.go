package agg

import (
	"math/big"

	"github.com/weirstream/weir/runtime/record"
)

// avg(x) is sum(x) / count(x), of integers and floats as a float64, of decimals as
// a decimal of at least 6 places; null where there are no values.
var avgFunction = function{
	name: "avg", takes: numberKinds,
	summary: "The mean of all x that are not NULL; NULL if there are none. For decimals it is a decimal of at least 6 places, " +
		"otherwise a float64.",
	examples: [][2]string{{"avg(delay)"}},
	plan: func(argument record.Type) plan {
		switch argument.Kind {
		case record.KindFloat64:
			return plan{record.Float64, []*kind{floatSumKind, countKind}, finalFloatAverage}
		case record.KindDecimal:
			return planDecimalAverage(argument)
		}
		return plan{record.Float64, []*kind{sumKind, countKind}, finalAverage}
	},
}

func finalAverage(parts []accumulator, rows groups, to *record.Column) *RangeError {
	s, n := parts[0].(*sum), parts[1].(*count).n
	for _, g := range rows {
		count := n.Get(g)
		if count == 0 {
			to.AppendNull()
			continue
		}
		low, high := s.total(g)
		to.AppendFloat64(quotient(low, high, count))
	}
	return nil
}

// exact is the size up to which each integer is a float64.
const exact = 1 << 53

// quotient returns the float64 nearest to the exact quotient of the 128-bit
// number of which low and high are the halves, and n > 0.
func quotient(low uint64, high, n int64) float64 {
	v := int64(low)
	if high == v>>63 && -exact <= v && v <= exact && n <= exact {
		return float64(v) / float64(n) // of two exact numbers, rounded once
	}
	q, _ := new(big.Rat).SetFrac(wide(low, high), big.NewInt(n)).Float64()
	return q
}

func finalFloatAverage(parts []accumulator, rows groups, to *record.Column) *RangeError {
	s, n := parts[0].(*floatSum), parts[1].(*count).n
	for _, g := range rows {
		count := n.Get(g)
		if count == 0 {
			to.AppendNull()
			continue
		}
		to.AppendFloat64(s.total(g) / float64(count))
	}
	return nil
}
