package number

import (
	"fmt"
	"math"

	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
)

// Functions that have no value for some numbers fail there, as in the SQL
// standard. What is too large becomes an infinity.

func sqrtFloats(to, from []float64) bool {
	suspect := false
	for i, v := range from[:len(to)] {
		suspect = suspect || v < 0
		to[i] = math.Sqrt(v)
	}
	return suspect
}

func whySqrt(v float64) error {
	if v < 0 {
		return fmt.Errorf("there is no square root of %s", record.AppendFloat(nil, v))
	}
	return nil
}

func whyLog(v float64) error {
	if v <= 0 {
		return fmt.Errorf("there is no logarithm of %s", record.AppendFloat(nil, v))
	}
	return nil
}

// floatRows computes a function of one number; why, nil where none fails, says
// why a number has no result.
func floatRows(f func(float64) float64, why func(float64) error) kernel.RowLoop {
	return func(c *kernel.RowCall, rows []int32) {
		in := c.Args[0]
		for _, row := range rows {
			v := in.Float(row)
			if why != nil {
				if err := why(v); err != nil {
					c.Fail(row, err)
					continue
				}
			}
			c.Floats[row] = f(v)
		}
	}
}

// naturalLog is [math.Log], which on amd64 is wrong below the normal numbers.
func naturalLog(v float64) float64 {
	const least, shift = 0x1p-1022, 54
	if v < least {
		return math.Log(v*(1<<shift)) - shift*math.Ln2
	}
	return math.Log(v)
}

func powerRows(c *kernel.RowCall, rows []int32) {
	base, exponent := c.Args[0], c.Args[1]
	for _, row := range rows {
		x, y := base.Float(row), exponent.Float(row)
		if err := whyPower(x, y); err != nil {
			c.Fail(row, err)
			continue
		}
		c.Floats[row] = power(x, y)
	}
}

// power is [math.Pow], but exact where the result is a power of ten.
func power(x, y float64) float64 {
	if x == 10 && y == math.Trunc(y) && math.Abs(y) <= 400 {
		return math.Pow10(int(y))
	}
	return math.Pow(x, y)
}

func whyPower(x, y float64) error {
	switch {
	case x == 0 && y < 0:
		return fmt.Errorf("0 to the power of %s is a division by zero", record.AppendFloat(nil, y))
	case x < 0 && !math.IsInf(x, 0) && !math.IsInf(y, 0) && y != math.Trunc(y):
		return fmt.Errorf("there is no power %s of %s", record.AppendFloat(nil, y), record.AppendFloat(nil, x))
	}
	return nil
}

func signInts(to, from []int64) bool {
	for i, v := range from[:len(to)] {
		to[i] = v>>63 | int64(uint64(-v)>>63)
	}
	return false
}

func signFloats(to, from []float64) bool {
	for i, v := range from[:len(to)] {
		switch {
		case v > 0:
			to[i] = 1
		case v < 0:
			to[i] = -1
		default:
			to[i] = v // 0 and NaN
		}
	}
	return false
}
