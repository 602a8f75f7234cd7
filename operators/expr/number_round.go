package expr

import (
	"fmt"
	"math"
)

// The loops behind rounding, to whole numbers and to digits.

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

// digitFloats returns the loop of a function of package rounding.
func digitFloats(round func(v float64, digits int64) float64) rowLoop {
	return func(c *rowCall, rows []int32) {
		in, digits := c.args[0], c.args[1]
		for _, row := range rows {
			c.floats[row] = round(in.float(row), digits.int(row))
		}
	}
}

// digitInts is digitFloats for integers.
func digitInts(round func(v, digits int64) (int64, bool)) rowLoop {
	return func(c *rowCall, rows []int32) {
		in, digits := c.args[0], c.args[1]
		for _, row := range rows {
			v, d := in.int(row), digits.int(row)
			rounded, ok := round(v, d)
			if !ok {
				c.fail(row, fmt.Errorf("%d rounded to %d digits is out of range of int64", v, d))
				continue
			}
			c.ints[row] = rounded
		}
	}
}
