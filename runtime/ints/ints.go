// Package ints computes with integers where Go's operators do not do what times
// want of them: division that rounds down, and sums that stay in range.
package ints

import "math"

// FloorDiv returns a / b rounded down, and the remainder, which is not negative.
// REQUIRES: b > 0.
func FloorDiv(a, b int64) (quotient, remainder int64) {
	quotient, remainder = a/b, a%b
	if remainder < 0 {
		quotient, remainder = quotient-1, remainder+b
	}
	return quotient, remainder
}

// SaturatingAdd returns a + b, staying at the end of the range that the sum would
// pass.
func SaturatingAdd(a, b int64) int64 {
	sum := a + b
	switch {
	case b > 0 && sum < a:
		return math.MaxInt64
	case b < 0 && sum > a:
		return math.MinInt64
	}
	return sum
}
