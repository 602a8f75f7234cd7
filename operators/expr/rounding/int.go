package rounding

import "math"

// Int rounds an integer, and reports whether the result is an int64. Only negative
// counts of digits change anything.
func (m Mode) Int(v, digits int64) (rounded int64, ok bool) {
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
	if m == Nearest && rest >= unit-rest {
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
