package exact

// Add stores a + b.
func Add[T Integer](to, a, b []T) (suspect bool) {
	a, b = a[:len(to)], b[:len(to)]
	var over T // its sign is set where the sum's differs from that of both
	for i := range to {
		sum := a[i] + b[i]
		over |= (sum ^ a[i]) & (sum ^ b[i])
		to[i] = sum
	}
	return over < 0
}

// WhyAdd says why there is no a + b.
func WhyAdd[T Integer](a, b T) error {
	if sum := a + b; (sum^a)&(sum^b) < 0 {
		return overflow(a, "+", b)
	}
	return nil
}

// Subtract stores a - b.
func Subtract[T Integer](to, a, b []T) (suspect bool) {
	a, b = a[:len(to)], b[:len(to)]
	var over T
	for i := range to {
		difference := a[i] - b[i]
		over |= (a[i] ^ b[i]) & (difference ^ a[i])
		to[i] = difference
	}
	return over < 0
}

// WhySubtract says why there is no a - b.
func WhySubtract[T Integer](a, b T) error {
	if difference := a - b; (a^b)&(difference^a) < 0 {
		return overflow(a, "-", b)
	}
	return nil
}
