package agg

import (
	"math"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
)

var floatSumKind = &kind{
	name:    "sum",
	columns: []record.Field{{Name: "sum", Type: record.Float64}, {Name: "lost", Type: record.Float64}},
	open: func(o opening) (accumulator, error) {
		return &floatSum{o.Table.Float64(o.column), o.Table.Float64(o.column + 1)}, nil
	},
}

// floatSum adds up float64 with compensation: the sum is sum + lost, where lost
// adds up what rounding took from sum.
type floatSum struct{ sum, lost state.Float64s }

func (s *floatSum) update(l *lane) {
	values := l.values.Float64s()
	for k, g := range l.groups {
		s.add(g, values[l.at[k]], 0)
	}
}

func (s *floatSum) add(g state.RowID, v, lost float64) {
	p := s.sum.Ptr(g)
	total, rounded := twoSum(*p, v)
	*p = total
	if lost += rounded; lost != 0 {
		*s.lost.Ptr(g) += lost
	}
}

// twoSum returns a + b as rounded, and what rounding took away: sum + lost is
// a + b exactly, unless it overflows.
//
// Knuth, The Art of Computer Programming, volume 2, section 4.2.2, theorem B.
func twoSum(a, b float64) (sum, lost float64) {
	sum = a + b
	partOfB := sum - a
	partOfA := sum - partOfB
	return sum, (a - partOfA) + (b - partOfB)
}

func (s *floatSum) merge(into groups, source accumulator, from groups) {
	other := source.(*floatSum)
	for k, g := range into {
		sum, lost := other.sum.Get(from[k]), other.lost.Get(from[k])
		s.add(g, sum, lost)
	}
}

// total returns the sum. Beyond the finite numbers, what was lost means nothing.
func (s *floatSum) total(g state.RowID) float64 {
	sum := s.sum.Get(g)
	if math.IsInf(sum, 0) || math.IsNaN(sum) {
		return sum
	}
	return sum + s.lost.Get(g)
}

func finalFloatSum(parts []accumulator, rows groups, to *record.Column) *RangeError {
	s, n := parts[0].(*floatSum), parts[1].(*count).n
	for _, g := range rows {
		if n.Get(g) == 0 {
			to.AppendNull()
			continue
		}
		to.AppendFloat64(s.total(g))
	}
	return nil
}
