package expr

import (
	"errors"
	"fmt"

	"github.com/weirstream/weir/runtime/decimal"
	"github.com/weirstream/weir/runtime/excerpt"
	"github.com/weirstream/weir/runtime/record"
)

// Casts from and to decimals. Digits that are lost are rounded, half away from
// zero; what does not fit fails.

// drawDecimal returns what draws decimals of a type.
func drawDecimal(t record.Type) func(record.Decimal) string {
	return func(n record.Decimal) string { return string(n.Append(nil, int(t.Scale))) }
}

func decimalsOfInts[T int32 | int64](s site, args []kernel) kernel {
	precision, scale := int(s.typ.Precision), int(s.typ.Scale)
	return eachFitting(s, args[0], func(v T) (record.Decimal, bool) {
		n, ok := decimal.FromInt64(int64(v)).Rescale(0, scale)
		return n, ok && n.Fits(precision)
	}, func(v T) string { return fmt.Sprint(v) })
}

func decimalsOfFloats(s site, args []kernel) kernel {
	precision, scale := int(s.typ.Precision), int(s.typ.Scale)
	return eachFitting(s, args[0], func(v float64) (record.Decimal, bool) {
		n, ok := decimal.FromFloat64(v, scale)
		return n, ok && n.Fits(precision)
	}, func(v float64) string { return string(record.AppendFloat(nil, v)) })
}

func decimalsOfDecimals(s site, args []kernel) kernel {
	from, precision, scale := int(s.args[0].typ.Scale), int(s.typ.Precision), int(s.typ.Scale)
	return eachFitting(s, args[0], func(v record.Decimal) (record.Decimal, bool) {
		n, ok := v.Rescale(from, scale)
		return n, ok && n.Fits(precision)
	}, drawDecimal(s.args[0].typ))
}

func intsOfDecimals[T int32 | int64](s site, args []kernel) kernel {
	from := int(s.args[0].typ.Scale)
	return eachFitting(s, args[0], func(v record.Decimal) (T, bool) {
		n, _ := v.Rescale(from, 0)
		whole, ok := n.Int64()
		return T(whole), ok && int64(T(whole)) == whole
	}, drawDecimal(s.args[0].typ))
}

func floatsOfDecimals(s site, args []kernel) kernel {
	scale := int(s.args[0].typ.Scale)
	return mapping(func(to []float64, from []record.Decimal) bool {
		from = from[:len(to)]
		for i, v := range from {
			to[i] = v.Float64(scale)
		}
		return false
	}, nil)(s, args)
}

func readingDecimals(s site, args []kernel) kernel {
	read := func(text []byte) (record.Decimal, error) { return readDecimal(text, s.typ) }
	return reading(read, storeFixed)(s, args)
}

func readDecimal(text []byte, t record.Type) (record.Decimal, error) {
	n, _, err := decimal.Parse(text, int(t.Precision), int(t.Scale))
	if errors.Is(err, decimal.ErrRange) {
		return n, fmt.Errorf("%q is out of range of %v", excerpt.Of(text), t)
	}
	if err != nil {
		return n, fmt.Errorf("%q is not a number", excerpt.Of(text))
	}
	return n, nil
}
