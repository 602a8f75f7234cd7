package expr

import (
	"errors"
	"fmt"
	"math"
	"math/bits"

	"github.com/weirstream/weir/runtime/record"
)

// The loops behind arithmetic operators, for [mapping] and [combining], each with
// the function that says why a value has no result.

var errZero = errors.New("division by zero")

func overflow(a int64, op string, b int64) error {
	return fmt.Errorf("%d %s %d is out of range of int64", a, op, b)
}

func addInts(to, a, b []int64) bool {
	a, b = a[:len(to)], b[:len(to)]
	var over int64 // its sign is set where the sum's differs from that of both
	for i := range to {
		sum := a[i] + b[i]
		over |= (sum ^ a[i]) & (sum ^ b[i])
		to[i] = sum
	}
	return over < 0
}

func whyAdd(a, b int64) error {
	if sum := a + b; (sum^a)&(sum^b) < 0 {
		return overflow(a, "+", b)
	}
	return nil
}

func subtractInts(to, a, b []int64) bool {
	a, b = a[:len(to)], b[:len(to)]
	var over int64
	for i := range to {
		difference := a[i] - b[i]
		over |= (a[i] ^ b[i]) & (difference ^ a[i])
		to[i] = difference
	}
	return over < 0
}

func whySubtract(a, b int64) error {
	if difference := a - b; (a^b)&(difference^a) < 0 {
		return overflow(a, "-", b)
	}
	return nil
}

// multiply returns the product and, where it is out of range, not 0.
func multiply(a, b int64) (product, over int64) {
	high, low := bits.Mul64(uint64(a), uint64(b))
	signed := int64(high) - a>>63&b - b>>63&a // of the product of signed numbers
	return int64(low), signed ^ int64(low)>>63
}

func multiplyInts(to, a, b []int64) bool {
	a, b = a[:len(to)], b[:len(to)]
	var any int64
	for i := range to {
		product, over := multiply(a[i], b[i])
		any |= over
		to[i] = product
	}
	return any != 0
}

func whyMultiply(a, b int64) error {
	if _, over := multiply(a, b); over != 0 {
		return overflow(a, "*", b)
	}
	return nil
}

func divideInts(to, a, b []int64) bool {
	a, b = a[:len(to)], b[:len(to)]
	suspect := false
	for i := range to {
		if b[i] == 0 || b[i] == -1 && a[i] == math.MinInt64 {
			suspect = true
			continue
		}
		to[i] = a[i] / b[i]
	}
	return suspect
}

func whyDivide(a, b int64) error {
	switch {
	case b == 0:
		return errZero
	case b == -1 && a == math.MinInt64:
		return overflow(a, "/", b)
	}
	return nil
}

func remainderInts(to, a, b []int64) bool {
	a, b = a[:len(to)], b[:len(to)]
	suspect := false
	for i := range to {
		if b[i] == 0 {
			suspect = true
			continue
		}
		to[i] = a[i] % b[i]
	}
	return suspect
}

func whyZero[T record.Number](_, b T) error {
	if b == 0 {
		return errZero
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

func negateInts(to, from []int64) bool {
	from = from[:len(to)]
	suspect := false
	for i := range to {
		suspect = suspect || from[i] == math.MinInt64
		to[i] = -from[i]
	}
	return suspect
}

func whyNegate(v int64) error {
	if v == math.MinInt64 {
		return fmt.Errorf("-(%d) is out of range of int64", v)
	}
	return nil
}

func negateFloats(to, from []float64) bool {
	from = from[:len(to)]
	for i := range to {
		to[i] = -from[i]
	}
	return false
}

func absoluteInts(to, from []int64) bool {
	from = from[:len(to)]
	suspect := false
	for i, v := range from {
		suspect = suspect || v == math.MinInt64
		to[i] = max(v, -v)
	}
	return suspect
}

func absoluteFloats(to, from []float64) bool {
	from = from[:len(to)]
	for i := range to {
		to[i] = math.Abs(from[i])
	}
	return false
}
