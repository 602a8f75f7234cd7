package expr

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"unsafe"

	"github.com/weirstream/weir/runtime/record"
)

// The loops behind arithmetic operators, for [kernel.Mapping] and [kernel.Combining], each with
// the function that says why a value has no result.

var errZero = errors.New("division by zero")

type integer interface{ int32 | int64 }

// least returns the number that has no counterpart of the other sign.
func least[T integer]() T { return T(1) << (8*unsafe.Sizeof(T(0)) - 1) }

func overflow[T integer](a T, op string, b T) error {
	return fmt.Errorf("%d %s %d is out of range of %T", a, op, b, a)
}

func addInts[T integer](to, a, b []T) bool {
	a, b = a[:len(to)], b[:len(to)]
	var over T // its sign is set where the sum's differs from that of both
	for i := range to {
		sum := a[i] + b[i]
		over |= (sum ^ a[i]) & (sum ^ b[i])
		to[i] = sum
	}
	return over < 0
}

func whyAdd[T integer](a, b T) error {
	if sum := a + b; (sum^a)&(sum^b) < 0 {
		return overflow(a, "+", b)
	}
	return nil
}

func subtractInts[T integer](to, a, b []T) bool {
	a, b = a[:len(to)], b[:len(to)]
	var over T
	for i := range to {
		difference := a[i] - b[i]
		over |= (a[i] ^ b[i]) & (difference ^ a[i])
		to[i] = difference
	}
	return over < 0
}

func whySubtract[T integer](a, b T) error {
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

func multiplyInt32s(to, a, b []int32) bool {
	a, b = a[:len(to)], b[:len(to)]
	suspect := false
	for i := range to {
		product := int64(a[i]) * int64(b[i])
		to[i] = int32(product)
		suspect = suspect || int64(to[i]) != product
	}
	return suspect
}

func whyMultiplyInt32(a, b int32) error {
	if product := int64(a) * int64(b); int64(int32(product)) != product {
		return overflow(a, "*", b)
	}
	return nil
}

func divideInts[T integer](to, a, b []T) bool {
	a, b = a[:len(to)], b[:len(to)]
	suspect := false
	for i := range to {
		if b[i] == 0 || b[i] == -1 && a[i] == least[T]() {
			suspect = true
			continue
		}
		to[i] = a[i] / b[i]
	}
	return suspect
}

func whyDivide[T integer](a, b T) error {
	switch {
	case b == 0:
		return errZero
	case b == -1 && a == least[T]():
		return overflow(a, "/", b)
	}
	return nil
}

func remainderInts[T integer](to, a, b []T) bool {
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

func negateInts[T integer](to, from []T) bool {
	from = from[:len(to)]
	suspect := false
	for i := range to {
		suspect = suspect || from[i] == least[T]()
		to[i] = -from[i]
	}
	return suspect
}

func whyNegate[T integer](v T) error {
	if v == least[T]() {
		return fmt.Errorf("-(%d) is out of range of %T", v, v)
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

func absoluteInts[T integer](to, from []T) bool {
	from = from[:len(to)]
	suspect := false
	for i, v := range from {
		suspect = suspect || v == least[T]()
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
