package number

import (
	"fmt"

	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/decimal"
	"github.com/weirstream/weir/runtime/record"
)

// Rounding of decimals, which is exact.

func signType([]record.Type) record.Type { return DecimalType(1, 0) }

// roundedType is the type of whole numbers near decimals: of one digit more.
func roundedType(args []record.Type) record.Type {
	whole, _ := digits(args[0])
	return DecimalType(min(whole+1, decimal.MaxPrecision), 0)
}

// cutType is the type of decimals without their fraction.
func cutType(args []record.Type) record.Type {
	whole, _ := digits(args[0])
	return DecimalType(max(whole, 1), 0)
}

// decimalsOf returns the builder of a function of a decimal and its scale that
// has a result for all.
func decimalsOf(one func(n record.Decimal, scale int) record.Decimal) kernel.Builder {
	return func(s kernel.Site, args []kernel.Kernel) kernel.Kernel {
		scale := int(s.Args[0].Type.Scale)
		loop := func(to, from []record.Decimal) bool {
			from = from[:len(to)]
			for i, v := range from {
				to[i] = one(v, scale)
			}
			return false
		}
		return kernel.Mapping(loop, nil)(s, args)
	}
}

func signDecimal(n record.Decimal, _ int) record.Decimal {
	return decimal.FromInt64(int64(n.Sign()))
}

func floorDecimal(n record.Decimal, scale int) record.Decimal {
	whole, rest := n.QuoRem(powerOfTen(scale))
	if rest.Sign() < 0 {
		whole, _ = whole.Sub(decimal.FromInt64(1))
	}
	return whole
}

func ceilDecimal(n record.Decimal, scale int) record.Decimal {
	return floorDecimal(n.Neg(), scale).Neg()
}

// powerOfTen returns 10^n for an n of at most 38.
func powerOfTen(n int) record.Decimal {
	power, _ := decimal.FromInt64(1).Rescale(0, n)
	return power
}

// roundedDecimals returns the builder of a function that leaves so many digits
// behind the point, or changes those in front of it where they are negative: half
// says whether to the nearest or towards zero.
func roundedDecimals(half bool, places int64) kernel.Builder {
	return func(s kernel.Site, args []kernel.Kernel) kernel.Kernel {
		from, to := s.Args[0].Type, s.Type
		return kernel.EachFitting(s, args[0], func(v record.Decimal) (record.Decimal, bool) {
			return roundDecimal(v, from, to, places, half)
		}, drawDecimal(from))
	}
}

// roundDecimal rounds a decimal of type from to places digits after the point;
// the result is one of type to. ok says that it fits.
func roundDecimal(v record.Decimal, from, to record.Type, places int64, half bool) (rounded record.Decimal, ok bool) {
	places = min(max(places, -2*decimal.MaxPrecision), int64(from.Scale))
	drop := int(from.Scale) - int(places)
	switch {
	case drop > decimal.MaxPrecision:
		return record.Decimal{}, true
	case half:
		v, _ = v.Rescale(drop, 0)
	default:
		v, _ = v.QuoRem(powerOfTen(drop))
	}
	rounded, ok = v.Rescale(0, int(to.Scale)-int(places))
	return rounded, ok && rounded.Fits(int(to.Precision))
}

// prepareRound gives the result as many digits after the point as are asked for,
// where that is a constant.
func prepareRound(half bool) func(p *kernel.Preparation) kernel.Builder {
	return func(p *kernel.Preparation) kernel.Builder {
		from := p.TypeOf(0)
		whole, scale := digits(from)
		places, known := p.Constant(1)
		if known && places.Int >= int64(scale) {
			p.Result, p.Fails = from, false
			return kernel.OnArguments(kernel.Same, 0) // there is nothing to round
		}
		if half {
			whole++ // 9.9 becomes 10
		}
		if known {
			scale = int(max(places.Int, 0))
			p.Result = DecimalType(max(whole+scale, 1), scale)
			return roundedDecimals(half, places.Int)
		}
		p.Result = DecimalType(whole+scale, scale)
		p.Convert(1, ExactType(record.Int64))
		return roundingByRow(half)
	}
}

// roundingByRow is roundedDecimals with the places as second argument.
func roundingByRow(half bool) kernel.Builder {
	return func(s kernel.Site, args []kernel.Kernel) kernel.Kernel {
		from := s.Args[0].Type
		one := func(v, places record.Decimal) (record.Decimal, bool) {
			n, _ := places.Int64()
			return roundDecimal(v, from, s.Type, n, half)
		}
		loop := func(to, a, b []record.Decimal) bool {
			a, b = a[:len(to)], b[:len(to)]
			suspect := false
			for i := range to {
				var ok bool
				to[i], ok = one(a[i], b[i])
				suspect = suspect || !ok
			}
			return suspect
		}
		why := func(v, places record.Decimal) error {
			if _, ok := one(v, places); ok {
				return nil
			}
			return fmt.Errorf("%s rounded to %s digits is out of range of %v", drawDecimal(from)(v), places.Append(nil, 0), s.Type)
		}
		return kernel.Combining(loop, why)(s, args)
	}
}
