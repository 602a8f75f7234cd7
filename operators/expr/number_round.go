package expr

import (
	"fmt"
	"math"
)

// The loops behind rounding. Halves are rounded away from zero.

func floorFloats(to, from []float64) bool {
	for i, v := range from[:len(to)] {
		to[i] = math.Floor(v)
	}
	return false
}

func ceilFloats(to, from []float64) bool {
	for i, v := range from[:len(to)] {
		to[i] = math.Ceil(v)
	}
	return false
}

func truncFloats(to, from []float64) bool {
	for i, v := range from[:len(to)] {
		to[i] = math.Trunc(v)
	}
	return false
}

func roundFloats(to, from []float64) bool {
	for i, v := range from[:len(to)] {
		to[i] = math.Round(v)
	}
	return false
}

// digitFloats returns the loop that leaves so many digits behind the point, or
// changes those in front of it where they are negative; whole says how a number
// times, or by, a power of ten becomes whole.
func digitFloats(whole func(v, unit float64, up bool) float64) rowLoop {
	return func(c *rowCall, rows []int32) {
		in, digits := c.args[0], c.args[1]
		for _, row := range rows {
			c.floats[row] = roundTo(whole, in.float(row), digits.int(row))
		}
	}
}

// roundTo scales, makes whole and scales back. A number that has no digits to
// lose, or becomes too large on the way, is as it should be.
func roundTo(whole func(v, unit float64, up bool) float64, v float64, digits int64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return v
	}
	const beyond = 400 // a power of ten that is an infinity
	up := digits >= 0
	unit := math.Pow10(int(min(max(digits, -digits, 0), beyond)))
	if digits == minInt || math.IsInf(unit, 0) && !up {
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

func truncScaled(v, unit float64, up bool) float64 {
	if up {
		return math.Trunc(v * unit)
	}
	return math.Trunc(v / unit)
}

// roundScaled rounds v * unit or v / unit. A product that comes out as a half was
// perhaps a little less; what it lacks is exact in a fused multiplication. So
// 2.675, which is 2.67499… in binary, becomes 2.67.
func roundScaled(v, unit float64, up bool) float64 {
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

// digitInts returns the loop that rounds to digits in front of the point; half
// says whether to the nearest or towards zero.
func digitInts(half bool) rowLoop {
	return func(c *rowCall, rows []int32) {
		in, digits := c.args[0], c.args[1]
		for _, row := range rows {
			v, d := in.int(row), digits.int(row)
			rounded, ok := roundInt(v, d, half)
			if !ok {
				c.fail(row, fmt.Errorf("%d rounded to %d digits is out of range of int64", v, d))
				continue
			}
			c.ints[row] = rounded
		}
	}
}

func roundInt(v, digits int64, half bool) (int64, bool) {
	if digits >= 0 {
		return v, true
	}
	if digits < -19 {
		return 0, true
	}
	unit := uint64(1)
	for range -digits {
		unit *= 10
	}
	size := magnitude(v)
	rest := size % unit
	size -= rest
	if half && rest >= unit-rest {
		if size > math.MaxUint64-unit {
			return 0, false
		}
		size += unit
	}
	if v < 0 {
		return -int64(size), size <= 1<<63
	}
	return int64(size), size < 1<<63
}
