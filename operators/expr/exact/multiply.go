package exact

import "math/bits"

// multiply returns the product and, where it is out of range, not 0.
func multiply(a, b int64) (product, over int64) {
	high, low := bits.Mul64(uint64(a), uint64(b))
	signed := int64(high) - a>>63&b - b>>63&a // of the product of signed numbers
	return int64(low), signed ^ int64(low)>>63
}

// Multiply stores a · b.
func Multiply(to, a, b []int64) (suspect bool) {
	a, b = a[:len(to)], b[:len(to)]
	var any int64
	for i := range to {
		product, over := multiply(a[i], b[i])
		any |= over
		to[i] = product
	}
	return any != 0
}

// WhyMultiply says why there is no a · b.
func WhyMultiply(a, b int64) error {
	if _, over := multiply(a, b); over != 0 {
		return overflow(a, "*", b)
	}
	return nil
}

// MultiplyInt32 stores a · b.
func MultiplyInt32(to, a, b []int32) (suspect bool) {
	a, b = a[:len(to)], b[:len(to)]
	for i := range to {
		product := int64(a[i]) * int64(b[i])
		to[i] = int32(product)
		suspect = suspect || int64(to[i]) != product
	}
	return suspect
}

// WhyMultiplyInt32 says why there is no a · b.
func WhyMultiplyInt32(a, b int32) error {
	if product := int64(a) * int64(b); int64(int32(product)) != product {
		return overflow(a, "*", b)
	}
	return nil
}
