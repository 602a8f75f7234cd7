// Package exact computes with integers and notices where a result is out of range.
//
// It has loops over a few numbers at a time, each of which says whether any of them
// may have no result, and for each loop the question why a single one has none:
//
//	if exact.Add(sums, a, b) {
//		for i := range sums {
//			err := exact.WhyAdd(a[i], b[i]) // nil where there is a sum
//		}
//	}
//
// So what is looked at for each number is one bit, and messages are made only where
// something is wrong. All slices of a call have the length of the first, or more.
package exact

import (
	"errors"
	"fmt"
	"unsafe"
)

// Integer is what the loops compute with.
type Integer interface{ int32 | int64 }

// ErrZero is why a division by zero has no result.
var ErrZero = errors.New("division by zero")

func overflow[T Integer](a T, op string, b T) error {
	return fmt.Errorf("%d %s %d is out of range of %T", a, op, b, a)
}

// least returns the number that has no counterpart of the other sign.
func least[T Integer]() T { return T(1) << (8*unsafe.Sizeof(T(0)) - 1) }
