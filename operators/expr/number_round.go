package expr

import (
	"fmt"
	"math"

	"github.com/weirstream/weir/operators/expr/rounding"
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

// digitFloats returns the loop that rounds to digits behind the point, or in front
// of it.
func digitFloats(mode rounding.Mode) rowLoop {
	return func(c *rowCall, rows []int32) {
		in, digits := c.args[0], c.args[1]
		for _, row := range rows {
			c.floats[row] = mode.Float(in.float(row), digits.int(row))
		}
	}
}

func digitInts(mode rounding.Mode) rowLoop {
	return func(c *rowCall, rows []int32) {
		in, digits := c.args[0], c.args[1]
		for _, row := range rows {
			v, d := in.int(row), digits.int(row)
			rounded, ok := mode.Int(v, d)
			if !ok {
				c.fail(row, fmt.Errorf("%d rounded to %d digits is out of range of int64", v, d))
				continue
			}
			c.ints[row] = rounded
		}
	}
}
