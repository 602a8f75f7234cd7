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

// digitFloats returns the loop that rounds to digits behind the point, or in
// front of it where they are negative, with what rounds to whole numbers.
func digitFloats(whole func(float64) float64) rowLoop {
	return func(c *rowCall, rows []int32) {
		in, digits := c.args[0], c.args[1]
		for _, row := range rows {
			c.floats[row] = roundTo(whole, in.float(row), digits.int(row))
		}
	}
}

// roundTo scales, rounds and scales back. A number that has no digits to lose
// there, or becomes too large on the way, is as it should be.
func roundTo(whole func(float64) float64, v float64, digits int64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return v
	}
	if digits < 0 {
		unit := math.Pow10(int(-max(digits, -most10)))
		if math.IsInf(unit, 0) {
			return 0
		}
		return whole(v/unit) * unit
	}
	unit := math.Pow10(int(min(digits, most10)))
	if scaled := v * unit; !math.IsInf(scaled, 0) {
		return whole(scaled) / unit
	}
	return v
}

// most10 is a power of ten beyond float64.
const most10 = 400

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
	size := uint64(v)
	if v < 0 {
		size = -size
	}
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
