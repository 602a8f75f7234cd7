package exact

import "fmt"

// Negate stores -a.
func Negate[T Integer](to, a []T) (suspect bool) {
	a = a[:len(to)]
	for i := range to {
		suspect = suspect || a[i] == least[T]()
		to[i] = -a[i]
	}
	return suspect
}

// WhyNegate says why there is no number of the other sign.
func WhyNegate[T Integer](a T) error {
	if a == least[T]() {
		return fmt.Errorf("-(%d) is out of range of %T", a, a)
	}
	return nil
}

// Absolute stores numbers without their sign. [WhyNegate] says why there is none.
func Absolute[T Integer](to, a []T) (suspect bool) {
	a = a[:len(to)]
	for i, v := range a {
		suspect = suspect || v == least[T]()
		to[i] = max(v, -v)
	}
	return suspect
}

// Narrow stores numbers in half the bits.
func Narrow(to []int32, a []int64) (suspect bool) {
	a = a[:len(to)]
	for i, v := range a {
		to[i] = int32(v)
		suspect = suspect || int64(to[i]) != v
	}
	return suspect
}

// WhyNarrow says why a number is no int32.
func WhyNarrow(a int64) error {
	if int64(int32(a)) == a {
		return nil
	}
	return fmt.Errorf("%d is out of range of int32", a)
}

// Widen stores numbers in twice the bits, which all have.
func Widen(to []int64, a []int32) (suspect bool) {
	a = a[:len(to)]
	for i := range to {
		to[i] = int64(a[i])
	}
	return false
}
