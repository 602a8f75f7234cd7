package rounding

import "math"

// Int rounds to the nearest, and reports whether the result is an int64. Only
// negative counts of digits change anything.
func Int(v, digits int64) (rounded int64, ok bool) { return roundInt(v, digits, true) }

// IntTowardsZero is Int with the rest cut off; its result is always one.
func IntTowardsZero(v, digits int64) (rounded int64, ok bool) { return roundInt(v, digits, false) }

func roundInt(v, digits int64, half bool) (rounded int64, ok bool) {
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
	size := magnitude(v)
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

func magnitude(v int64) uint64 {
	if v < 0 {
		return -uint64(v)
	}
	return uint64(v)
}
