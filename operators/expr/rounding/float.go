package rounding

import "math"

// Float rounds a number, which is scaled, made whole and scaled back. One that has
// no digits to lose, or becomes too large on the way, is as it should be.
//
// Nearest is, behind the point, what v is exactly, which may be a little more or
// less than the shortest text for it: 2.675 is 2.67499… in binary, and becomes 2.67
// with two digits.
func (m Mode) Float(v float64, digits int64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return v
	}
	const beyond = 400 // a power of ten that is an infinity
	up := digits >= 0
	unit := math.Pow10(int(min(max(digits, -digits, 0), beyond)))
	if digits == math.MinInt64 || math.IsInf(unit, 0) && !up {
		return 0
	}
	var rounded float64
	if up {
		rounded = m.product(v, unit) / unit
	} else {
		rounded = m.whole(v/unit) * unit
	}
	if math.IsNaN(rounded) || math.IsInf(rounded, 0) {
		return v
	}
	return rounded
}

func (m Mode) whole(v float64) float64 {
	if m == Nearest {
		return math.Round(v)
	}
	return math.Trunc(v)
}

// product makes v * unit whole. A product that comes out as a half was perhaps a
// little less; what it lacks is exact in a fused multiplication.
func (m Mode) product(v, unit float64) float64 {
	scaled := v * unit
	if m == TowardsZero {
		return math.Trunc(scaled)
	}
	rounded := math.Round(scaled)
	if math.Abs(rounded-scaled) == 0.5 {
		if lacks := math.FMA(v, unit, -scaled); lacks != 0 && math.Signbit(lacks) != math.Signbit(v) {
			rounded -= math.Copysign(1, v)
		}
	}
	return rounded
}
