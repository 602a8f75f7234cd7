package number

import (
	"github.com/weirstream/weir/runtime/decimal"
	"github.com/weirstream/weir/runtime/record"
)

// The types of decimal results, as README.md has them. Where a result can have
// more digits than a decimal holds, digits after the point make room, but not
// the first [keptScale] of them.

const keptScale = 6

// DecimalType returns decimals of a precision and scale, cut to what there is.
func DecimalType(precision, scale int) record.Type {
	if precision > decimal.MaxPrecision {
		scale = max(decimal.MaxPrecision-(precision-scale), min(scale, keptScale))
		precision = decimal.MaxPrecision
	}
	t, err := record.DecimalOf(precision, scale)
	if err != nil {
		panic("expr: " + err.Error())
	}
	return t
}

// digits returns how many digits of a decimal stand before and behind the point.
func digits(t record.Type) (whole, scale int) {
	return int(t.Precision) - int(t.Scale), int(t.Scale)
}

// CommonDecimal returns the decimals that hold those of both types.
func CommonDecimal(a, b record.Type) record.Type {
	aWhole, aScale := digits(a)
	bWhole, bScale := digits(b)
	scale := max(aScale, bScale)
	return DecimalType(max(aWhole, bWhole)+scale, scale)
}

func sumType(args []record.Type) record.Type {
	aWhole, aScale := digits(args[0])
	bWhole, bScale := digits(args[1])
	scale := max(aScale, bScale)
	return DecimalType(max(aWhole, bWhole)+1+scale, scale)
}

func productType(args []record.Type) record.Type {
	a, b := args[0], args[1]
	return DecimalType(int(a.Precision)+int(b.Precision), int(a.Scale)+int(b.Scale))
}

func quotientType(args []record.Type) record.Type {
	whole, aScale := digits(args[0])
	b := args[1]
	scale := max(keptScale, aScale+int(b.Precision)+1)
	return DecimalType(whole+int(b.Scale)+scale, scale)
}

func remainderType(args []record.Type) record.Type {
	aWhole, aScale := digits(args[0])
	bWhole, bScale := digits(args[1])
	scale := max(aScale, bScale)
	return DecimalType(max(min(aWhole, bWhole)+scale, 1), scale)
}

// firstType is the type of results that are like the first argument.
func firstType(args []record.Type) record.Type { return args[0] }

// IsExact reports whether values are numbers without rounding.
func IsExact(t record.Type) bool { return t.IsNumber() && t != record.Float64 }

// ExactType returns the decimals that hold all values of an exact type.
func ExactType(t record.Type) record.Type {
	switch t {
	case record.Int32:
		return DecimalType(10, 0)
	case record.Int64:
		return DecimalType(19, 0)
	}
	return t
}
