package exact

// Divide stores a / b, cut towards zero.
func Divide[T Integer](to, a, b []T) (suspect bool) {
	a, b = a[:len(to)], b[:len(to)]
	for i := range to {
		if b[i] == 0 || b[i] == -1 && a[i] == least[T]() {
			suspect = true
			continue
		}
		to[i] = a[i] / b[i]
	}
	return suspect
}

// WhyDivide says why there is no a / b.
func WhyDivide[T Integer](a, b T) error {
	switch {
	case b == 0:
		return ErrZero
	case b == -1 && a == least[T]():
		return overflow(a, "/", b)
	}
	return nil
}

// Remainder stores what is left of a / b, with the sign of a.
func Remainder[T Integer](to, a, b []T) (suspect bool) {
	a, b = a[:len(to)], b[:len(to)]
	for i := range to {
		if b[i] == 0 {
			suspect = true
			continue
		}
		to[i] = a[i] % b[i]
	}
	return suspect
}

// WhyRemainder says why nothing is left of a / b.
func WhyRemainder[T Integer](_, b T) error {
	if b == 0 {
		return ErrZero
	}
	return nil
}
