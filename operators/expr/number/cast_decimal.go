package number

import (
	"errors"
	"fmt"

	"github.com/weirstream/weir/operators/expr/kernel"
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

func decimalsOfInts[T int32 | int64](s kernel.Site, args []kernel.Kernel) kernel.Kernel {
	precision, scale := int(s.Type.Precision), int(s.Type.Scale)
	return kernel.EachFitting(s, args[0], func(v T) (record.Decimal, bool) {
		n, ok := decimal.FromInt64(int64(v)).Rescale(0, scale)
		return n, ok && n.Fits(precision)
	}, func(v T) string { return fmt.Sprint(v) })
}

func decimalsOfFloats(s kernel.Site, args []kernel.Kernel) kernel.Kernel {
	precision, scale := int(s.Type.Precision), int(s.Type.Scale)
	return kernel.EachFitting(s, args[0], func(v float64) (record.Decimal, bool) {
		n, ok := decimal.FromFloat64(v, scale)
		return n, ok && n.Fits(precision)
	}, func(v float64) string { return string(record.AppendFloat(nil, v)) })
}

func decimalsOfDecimals(s kernel.Site, args []kernel.Kernel) kernel.Kernel {
	from, precision, scale := int(s.Args[0].Type.Scale), int(s.Type.Precision), int(s.Type.Scale)
	return kernel.EachFitting(s, args[0], func(v record.Decimal) (record.Decimal, bool) {
		n, ok := v.Rescale(from, scale)
		return n, ok && n.Fits(precision)
	}, drawDecimal(s.Args[0].Type))
}

func intsOfDecimals[T int32 | int64](s kernel.Site, args []kernel.Kernel) kernel.Kernel {
	from := int(s.Args[0].Type.Scale)
	return kernel.EachFitting(s, args[0], func(v record.Decimal) (T, bool) {
		n, _ := v.Rescale(from, 0)
		whole, ok := n.Int64()
		return T(whole), ok && int64(T(whole)) == whole
	}, drawDecimal(s.Args[0].Type))
}

func floatsOfDecimals(s kernel.Site, args []kernel.Kernel) kernel.Kernel {
	scale := int(s.Args[0].Type.Scale)
	return kernel.Mapping(func(to []float64, from []record.Decimal) bool {
		from = from[:len(to)]
		for i, v := range from {
			to[i] = v.Float64(scale)
		}
		return false
	}, nil)(s, args)
}

func readingDecimals(s kernel.Site, args []kernel.Kernel) kernel.Kernel {
	read := func(text []byte) (record.Decimal, error) { return readDecimal(text, s.Type) }
	return kernel.Reading(read, kernel.StoreFixed)(s, args)
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
