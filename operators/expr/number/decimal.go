package number

import (
	"fmt"

	"github.com/weirstream/weir/operators/expr/exact"
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
)

// Arithmetic on decimals: the exact result, rounded half away from zero to the
// scale of its type, fails where it has more digits than that.

// decimalLoop returns, for the types of arguments and result, what computes one
// value, and whether it fits into 128 bits.
type decimalLoop func(left, right, result record.Type) func(a, b record.Decimal) (record.Decimal, bool)

// calculating returns the builder of arithmetic on two decimals. Where divides,
// the right side must not be zero.
func calculating(op string, divides bool, of decimalLoop) kernel.Builder {
	return func(s kernel.Site, args []kernel.Kernel) kernel.Kernel {
		left, right := s.Args[0].Type, s.Args[1].Type
		one := of(left, right, s.Type)
		precision := int(s.Type.Precision)
		loop := func(to, a, b []record.Decimal) bool {
			a, b = a[:len(to)], b[:len(to)]
			suspect := false
			for i := range to {
				if divides && b[i] == (record.Decimal{}) {
					suspect = true
					continue
				}
				v, ok := one(a[i], b[i])
				suspect = suspect || !ok || !v.Fits(precision)
				to[i] = v
			}
			return suspect
		}
		why := func(a, b record.Decimal) error {
			if divides && b.Sign() == 0 {
				return exact.ErrZero
			}
			if v, ok := one(a, b); ok && v.Fits(precision) {
				return nil
			}
			return fmt.Errorf("%s %s %s is out of range of %v", drawDecimal(left)(a), op, drawDecimal(right)(b), s.Type)
		}
		return kernel.Combining(loop, why)(s, args)
	}
}

func addDecimals(left, right, result record.Type) func(a, b record.Decimal) (record.Decimal, bool) {
	leftScale, rightScale, scale := int(left.Scale), int(right.Scale), int(result.Scale)
	if leftScale == rightScale && leftScale == scale {
		return record.Decimal.Add
	}
	return func(a, b record.Decimal) (record.Decimal, bool) {
		return a.AddRound(b, leftScale, rightScale, scale)
	}
}

func subtractDecimals(left, right, result record.Type) func(a, b record.Decimal) (record.Decimal, bool) {
	add := addDecimals(left, right, result)
	return func(a, b record.Decimal) (record.Decimal, bool) { return add(a, b.Neg()) }
}

func multiplyDecimals(left, right, result record.Type) func(a, b record.Decimal) (record.Decimal, bool) {
	drop := int(left.Scale) + int(right.Scale) - int(result.Scale)
	if drop == 0 {
		return record.Decimal.Mul
	}
	return func(a, b record.Decimal) (record.Decimal, bool) { return a.MulRound(b, drop) }
}

func divideDecimals(left, right, result record.Type) func(a, b record.Decimal) (record.Decimal, bool) {
	shift := int(result.Scale) - int(left.Scale) + int(right.Scale)
	return func(a, b record.Decimal) (record.Decimal, bool) { return a.DivRound(b, shift) }
}

func remainderDecimals(left, right, _ record.Type) func(a, b record.Decimal) (record.Decimal, bool) {
	leftScale, rightScale := int(left.Scale), int(right.Scale)
	return func(a, b record.Decimal) (record.Decimal, bool) { return a.Rem(b, leftScale, rightScale), true }
}

func negateDecimals(to, from []record.Decimal) bool {
	from = from[:len(to)]
	for i, v := range from {
		to[i] = v.Neg()
	}
	return false
}

func absoluteDecimals(to, from []record.Decimal) bool {
	from = from[:len(to)]
	for i, v := range from {
		if to[i] = v; v.Hi < 0 {
			to[i] = v.Neg()
		}
	}
	return false
}
