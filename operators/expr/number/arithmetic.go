package number

import (
	"math"

	"github.com/weirstream/weir/operators/expr/exact"
)

// The loops behind arithmetic operators, for [kernel.Mapping] and [kernel.Combining], each with
// the function that says why a value has no result.

func whyZero(_, b float64) error {
	if b == 0 {
		return exact.ErrZero
	}
	return nil
}

func addFloats(to, a, b []float64) bool {
	a, b = a[:len(to)], b[:len(to)]
	for i := range to {
		to[i] = a[i] + b[i]
	}
	return false
}

func subtractFloats(to, a, b []float64) bool {
	a, b = a[:len(to)], b[:len(to)]
	for i := range to {
		to[i] = a[i] - b[i]
	}
	return false
}

func multiplyFloats(to, a, b []float64) bool {
	a, b = a[:len(to)], b[:len(to)]
	for i := range to {
		to[i] = a[i] * b[i]
	}
	return false
}

func divideFloats(to, a, b []float64) bool {
	a, b = a[:len(to)], b[:len(to)]
	suspect := false
	for i := range to {
		suspect = suspect || b[i] == 0
		to[i] = a[i] / b[i]
	}
	return suspect
}

func remainderFloats(to, a, b []float64) bool {
	a, b = a[:len(to)], b[:len(to)]
	suspect := false
	for i := range to {
		suspect = suspect || b[i] == 0
		to[i] = math.Mod(a[i], b[i])
	}
	return suspect
}

func negateFloats(to, from []float64) bool {
	from = from[:len(to)]
	for i := range to {
		to[i] = -from[i]
	}
	return false
}

func absoluteFloats(to, from []float64) bool {
	from = from[:len(to)]
	for i := range to {
		to[i] = math.Abs(from[i])
	}
	return false
}
