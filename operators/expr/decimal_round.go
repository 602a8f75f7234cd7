package expr

import (
	"fmt"

	"github.com/weirstream/weir/runtime/decimal"
	"github.com/weirstream/weir/runtime/record"
)

// Rounding of decimals, which is exact.

func signType([]record.Type) record.Type { return decimalType(1, 0) }

// roundedType is the type of whole numbers near decimals: of one digit more.
func roundedType(args []record.Type) record.Type {
	whole, _ := digits(args[0])
	return decimalType(min(whole+1, decimal.MaxPrecision), 0)
}

// cutType is the type of decimals without their fraction.
func cutType(args []record.Type) record.Type {
	whole, _ := digits(args[0])
	return decimalType(max(whole, 1), 0)
}

// decimalsOf returns the builder of a function of a decimal and its scale that
// has a result for all.
func decimalsOf(one func(n record.Decimal, scale int) record.Decimal) builder {
	return func(s site, args []kernel) kernel {
		scale := int(s.args[0].typ.Scale)
		loop := func(to, from []record.Decimal) bool {
			from = from[:len(to)]
			for i, v := range from {
				to[i] = one(v, scale)
			}
			return false
		}
		return mapping(loop, nil)(s, args)
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
func roundedDecimals(half bool, places int64) builder {
	return func(s site, args []kernel) kernel {
		from, to := s.args[0].typ, s.typ
		return eachFitting(s, args[0], func(v record.Decimal) (record.Decimal, bool) {
			return roundDecimal(v, from, to, places, half)
		}, drawDecimal(from))
	}
}

// roundDecimal rounds a decimal of type from to places digits behind the point;
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

// prepareRound gives the result as many digits behind the point as are asked for,
// where that is a constant.
func prepareRound(half bool) func(p *preparation) builder {
	return func(p *preparation) builder {
		from := p.typeOf(0)
		whole, scale := digits(from)
		places, known := p.constant(1)
		if known && places.Int >= int64(scale) {
			p.result, p.fails = from, false
			return onArguments(same, 0) // there is nothing to round
		}
		if half {
			whole++ // 9.9 becomes 10
		}
		if known {
			scale = int(max(places.Int, 0))
			p.result = decimalType(max(whole+scale, 1), scale)
			return roundedDecimals(half, places.Int)
		}
		p.result = decimalType(whole+scale, scale)
		p.convert(1, exactType(record.Int64))
		return roundingByRow(half)
	}
}

// roundingByRow is roundedDecimals with the places as second argument.
func roundingByRow(half bool) builder {
	return func(s site, args []kernel) kernel {
		from := s.args[0].typ
		one := func(v, places record.Decimal) (record.Decimal, bool) {
			n, _ := places.Int64()
			return roundDecimal(v, from, s.typ, n, half)
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
			return fmt.Errorf("%s rounded to %s digits is out of range of %v", drawDecimal(from)(v), places.Append(nil, 0), s.typ)
		}
		return combining(loop, why)(s, args)
	}
}
