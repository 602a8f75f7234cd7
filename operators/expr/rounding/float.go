// Package rounding rounds numbers to decimal digits: so many behind the point or,
// where the count is negative, to tens, hundreds and so on in front of it. Halves
// are rounded away from zero, as in SQL.
package rounding

import "math"

// Float rounds to the nearest. Behind the point it rounds what v is exactly, which
// may be a little more or less than the shortest text for it: 2.675 is 2.67499… in
// binary, and becomes 2.67 with two digits.
func Float(v float64, digits int64) float64 { return toDigits(nearestScaled, v, digits) }

// FloatTowardsZero cuts the digits behind the given ones off the product, or
// quotient, of v and a power of ten.
func FloatTowardsZero(v float64, digits int64) float64 { return toDigits(truncatedScaled, v, digits) }

// toDigits scales, makes whole and scales back; whole says how a number times, or
// by, a power of ten becomes whole, up being times. A number that has no digits to
// lose, or becomes too large on the way, is as it should be.
func toDigits(whole func(v, unit float64, up bool) float64, v float64, digits int64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return v
	}
	const beyond = 400 // a power of ten that is an infinity
	up := digits >= 0
	unit := math.Pow10(int(min(max(digits, -digits, 0), beyond)))
	if digits == math.MinInt64 || math.IsInf(unit, 0) && !up {
		return 0
	}
	rounded := whole(v, unit, up)
	if up {
		rounded /= unit
	} else {
		rounded *= unit
	}
	if math.IsNaN(rounded) || math.IsInf(rounded, 0) {
		return v
	}
	return rounded
}

func truncatedScaled(v, unit float64, up bool) float64 {
	if up {
		return math.Trunc(v * unit)
	}
	return math.Trunc(v / unit)
}

// nearestScaled rounds v * unit or v / unit. A product that comes out as a half was
// perhaps a little less; what it lacks is exact in a fused multiplication.
func nearestScaled(v, unit float64, up bool) float64 {
	if !up {
		return math.Round(v / unit)
	}
	scaled := v * unit
	rounded := math.Round(scaled)
	if math.Abs(rounded-scaled) == 0.5 {
		if lacks := math.FMA(v, unit, -scaled); lacks != 0 && math.Signbit(lacks) != math.Signbit(v) {
			rounded -= math.Copysign(1, v)
		}
	}
	return rounded
}
