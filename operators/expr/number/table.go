package number

import (
	"math"

	"github.com/weirstream/weir/operators/expr/exact"
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/operators/expr/rounding"
	"github.com/weirstream/weir/runtime/record"
)

// Area is the functions of numbers, and their arithmetic.
var Area = kernel.Area{Functions: functions, Overloads: overloads, Casts: casts}

// types is shorthand for parameters.
type types = []record.Type

var (
	floatInt   = types{record.Float64, record.Int64}
	decimalInt = types{kernel.AnyDecimal, record.Int64}
)

// functions are the functions on numbers.
var functions = kernel.InGroup("numbers", []kernel.Function{
	{
		Name: "abs", Params: "x",
		Summary:  "The number or interval without its sign. Fails for the least int64, which has no positive counterpart.",
		Examples: [][2]string{{"abs(-3)", "3"}, {"abs(0.5)", "0.5"}},
		Overloads: []kernel.Overload{
			{Params: intT, Result: record.Int64, Fails: true, Build: kernel.Mapping(exact.Absolute[int64], exact.WhyNegate)},
			{Params: int32T, Result: record.Int32, Fails: true, Build: kernel.Mapping(exact.Absolute[int32], exact.WhyNegate)},
			{Params: decimalT, Result: kernel.AnyDecimal, ResultOf: firstType, Build: kernel.Mapping(absoluteDecimals, nil)},
			{Params: floatT, Result: record.Float64, Build: kernel.Mapping(absoluteFloats, nil)},
		},
	},
	{
		Name: "sign", Params: "x",
		Summary:  "-1, 0 or 1 for a number that is negative, zero or positive; NaN for NaN.",
		Examples: [][2]string{{"sign(-3)", "-1"}, {"sign(0.5)", "1"}},
		Overloads: []kernel.Overload{
			{Params: intT, Result: record.Int64, Build: kernel.Mapping(signInts, nil)},
			{Params: decimalT, Result: kernel.AnyDecimal, ResultOf: signType, Build: decimalsOf(signDecimal)},
			{Params: floatT, Result: record.Float64, Build: kernel.Mapping(signFloats, nil)},
		},
	},
	{
		Name: "round", Params: "x digits",
		Summary: "The number rounded to `digits` digits after the point, none by default; halves are rounded away from zero. " +
			"Negative `digits` count in front of the point.",
		Examples: [][2]string{{"round(2.5)", "3"}, {"round(-2.5e0)", "-3.0"}, {"round(3.14159, 2)", "3.14"}, {"round(1250, -2)", "1300"}},
		Overloads: []kernel.Overload{
			{Params: intT, Result: record.Int64, Build: kernel.Same},
			{Params: decimalT, Result: kernel.AnyDecimal, ResultOf: roundedType, Build: roundedDecimals(true, 0)},
			{Params: floatT, Result: record.Float64, Build: kernel.Mapping(roundFloats, nil)},
			{Params: intInt, Result: record.Int64, Fails: true, Build: kernel.EachRow(digitInts(rounding.Nearest))},
			{Params: decimalInt, Result: kernel.AnyDecimal, ResultOf: firstType, Fails: true, Prepare: prepareRound(true)},
			{Params: floatInt, Result: record.Float64, Build: kernel.EachRow(digitFloats(rounding.Nearest))},
		},
	},
	{
		Name: "trunc", Aliases: []string{"truncate"}, Params: "x digits",
		Summary: "The number truncated towards zero to `digits` digits after the point, none by default. Negative `digits` count " +
			"in front of the point.",
		Examples: [][2]string{{"trunc(-2.9)", "-2"}, {"trunc(3.14159, 3)", "3.141"}, {"trunc(1299, -2)", "1200"}},
		Overloads: []kernel.Overload{
			{Params: intT, Result: record.Int64, Build: kernel.Same},
			{Params: decimalT, Result: kernel.AnyDecimal, ResultOf: cutType, Build: roundedDecimals(false, 0)},
			{Params: floatT, Result: record.Float64, Build: kernel.Mapping(truncFloats, nil)},
			{Params: intInt, Result: record.Int64, Fails: true, Build: kernel.EachRow(digitInts(rounding.TowardsZero))},
			{Params: decimalInt, Result: kernel.AnyDecimal, ResultOf: firstType, Fails: true, Prepare: prepareRound(false)},
			{Params: floatInt, Result: record.Float64, Build: kernel.EachRow(digitFloats(rounding.TowardsZero))},
		},
	},
	{
		Name: "floor", Params: "x",
		Summary:  "The greatest whole number not above the number.",
		Examples: [][2]string{{"floor(-2.5)", "-3"}},
		Overloads: []kernel.Overload{
			{Params: intT, Result: record.Int64, Build: kernel.Same},
			{Params: decimalT, Result: kernel.AnyDecimal, ResultOf: roundedType, Build: decimalsOf(floorDecimal)},
			{Params: floatT, Result: record.Float64, Build: kernel.Mapping(floorFloats, nil)},
		},
	},
	{
		Name: "ceil", Aliases: []string{"ceiling"}, Params: "x",
		Summary:  "The least whole number not below the number.",
		Examples: [][2]string{{"ceil(-2.5)", "-2"}},
		Overloads: []kernel.Overload{
			{Params: intT, Result: record.Int64, Build: kernel.Same},
			{Params: decimalT, Result: kernel.AnyDecimal, ResultOf: roundedType, Build: decimalsOf(ceilDecimal)},
			{Params: floatT, Result: record.Float64, Build: kernel.Mapping(ceilFloats, nil)},
		},
	},
	{
		Name: "mod", Params: "x y",
		Summary:   "The remainder of a division, with the sign of `x`; the same as `x % y`. Fails if `y` is 0.",
		Examples:  [][2]string{{"mod(-7, 3)", "-1"}, {"mod(7.5, 2)", "1.5"}},
		Overloads: overloads["%"],
	},
	{
		Name: "power", Aliases: []string{"pow"}, Params: "x y",
		Summary:   "x to the power of y. Fails for 0 to a negative power, and for a negative number to a power that is not whole.",
		Examples:  [][2]string{{"power(2, 10)", "1024.0"}, {"power(4, -0.5)", "0.5"}},
		Overloads: []kernel.Overload{{Params: floats, Result: record.Float64, Fails: true, Build: kernel.EachRow(powerRows)}},
	},
	{
		Name: "sqrt", Params: "x",
		Summary:   "The square root. Fails for negative numbers.",
		Examples:  [][2]string{{"sqrt(2)", "1.4142135623730951"}, {"sqrt(-1)", "error: sqrt(-1): there is no square root of -1"}},
		Overloads: []kernel.Overload{{Params: floatT, Result: record.Float64, Fails: true, Build: kernel.Mapping(sqrtFloats, whySqrt)}},
	},
	{
		Name: "exp", Params: "x",
		Summary:   "e to the power of x.",
		Examples:  [][2]string{{"exp(1)", "2.718281828459045"}},
		Overloads: []kernel.Overload{{Params: floatT, Result: record.Float64, Build: kernel.EachRow(floatRows(math.Exp, nil))}},
	},
	{
		Name: "ln", Params: "x",
		Summary:   "The natural logarithm. Fails for 0 and negative numbers.",
		Examples:  [][2]string{{"ln(10)", "2.302585092994046"}, {"ln(0)", "error: ln(0): there is no logarithm of 0"}},
		Overloads: []kernel.Overload{{Params: floatT, Result: record.Float64, Fails: true, Build: kernel.EachRow(floatRows(naturalLog, whyLog))}},
	},
	{
		Name: "log10", Params: "x",
		Summary:   "The logarithm to base 10. Fails for 0 and negative numbers.",
		Examples:  [][2]string{{"log10(1000)", "3.0"}},
		Overloads: []kernel.Overload{{Params: floatT, Result: record.Float64, Fails: true, Build: kernel.EachRow(floatRows(math.Log10, whyLog))}},
	},
	{
		Name: "log2", Params: "x",
		Summary:   "The logarithm to base 2. Fails for 0 and negative numbers.",
		Examples:  [][2]string{{"log2(8)", "3.0"}},
		Overloads: []kernel.Overload{{Params: floatT, Result: record.Float64, Fails: true, Build: kernel.EachRow(floatRows(math.Log2, whyLog))}},
	},
})
