package number

import (
	"fmt"
	"math"

	"github.com/weirstream/weir/operators/expr/kernel"
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

// digitFloats returns the loop that rounds to digits after the point, or in front
// of it.
func digitFloats(mode rounding.Mode) kernel.RowLoop {
	return func(c *kernel.RowCall, rows []int32) {
		in, digits := c.Args[0], c.Args[1]
		for _, row := range rows {
			c.Floats[row] = mode.Float(in.Float(row), digits.Int(row))
		}
	}
}

func digitInts(mode rounding.Mode) kernel.RowLoop {
	return func(c *kernel.RowCall, rows []int32) {
		in, digits := c.Args[0], c.Args[1]
		for _, row := range rows {
			v, d := in.Int(row), digits.Int(row)
			rounded, ok := mode.Int(v, d)
			if !ok {
				c.Fail(row, fmt.Errorf("%d rounded to %d digits is out of range of int64", v, d))
				continue
			}
			c.Ints[row] = rounded
		}
	}
}
