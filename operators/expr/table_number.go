package expr

import (
	"math"

	"github.com/weirstream/weir/operators/expr/rounding"
	"github.com/weirstream/weir/runtime/record"
)

var (
	floatInt   = []record.Type{record.Float64, record.Int64}
	decimalInt = []record.Type{anyDecimal, record.Int64}
)

// numberFunctions are the functions on numbers.
var numberFunctions = inGroup("numbers", []function{
	{
		name: "abs", params: "x",
		summary:  "The number, or the interval, without its sign. The least int64 has no such number and fails.",
		examples: [][2]string{{"abs(-3)", "3"}, {"abs(0.5)", "0.5"}},
		overloads: []overload{
			{params: intT, result: record.Int64, fails: true, build: mapping(absoluteInts[int64], whyNegate)},
			{params: int32T, result: record.Int32, fails: true, build: mapping(absoluteInts[int32], whyNegate)},
			{params: decimalT, result: anyDecimal, resultOf: firstType, build: mapping(absoluteDecimals, nil)},
			{params: floatT, result: record.Float64, build: mapping(absoluteFloats, nil)},
		},
	},
	{
		name: "sign", params: "x",
		summary:  "-1, 0 or 1, as the number is negative, 0 or positive; NaN of NaN.",
		examples: [][2]string{{"sign(-3)", "-1"}, {"sign(0.5)", "1"}},
		overloads: []overload{
			{params: intT, result: record.Int64, build: mapping(signInts, nil)},
			{params: decimalT, result: anyDecimal, resultOf: signType, build: decimalsOf(signDecimal)},
			{params: floatT, result: record.Float64, build: mapping(signFloats, nil)},
		},
	},
	{
		name: "round", params: "x digits",
		summary: "The nearest number with so many digits behind the point, none where they are not given; a half is rounded away from zero. " +
			"Negative digits stand in front of the point.",
		examples: [][2]string{{"round(2.5)", "3"}, {"round(-2.5e0)", "-3.0"}, {"round(3.14159, 2)", "3.14"}, {"round(1250, -2)", "1300"}},
		overloads: []overload{
			{params: intT, result: record.Int64, build: same},
			{params: decimalT, result: anyDecimal, resultOf: roundedType, build: roundedDecimals(true, 0)},
			{params: floatT, result: record.Float64, build: mapping(roundFloats, nil)},
			{params: intInt, result: record.Int64, fails: true, build: eachRow(digitInts(rounding.Nearest))},
			{params: decimalInt, result: anyDecimal, resultOf: firstType, fails: true, prepare: prepareRound(true)},
			{params: floatInt, result: record.Float64, build: eachRow(digitFloats(rounding.Nearest))},
		},
	},
	{
		name: "trunc", aliases: []string{"truncate"}, params: "x digits",
		summary: "The number cut towards zero after so many digits behind the point, none where they are not given. " +
			"Negative digits stand in front of the point.",
		examples: [][2]string{{"trunc(-2.9)", "-2"}, {"trunc(3.14159, 3)", "3.141"}, {"trunc(1299, -2)", "1200"}},
		overloads: []overload{
			{params: intT, result: record.Int64, build: same},
			{params: decimalT, result: anyDecimal, resultOf: cutType, build: roundedDecimals(false, 0)},
			{params: floatT, result: record.Float64, build: mapping(truncFloats, nil)},
			{params: intInt, result: record.Int64, fails: true, build: eachRow(digitInts(rounding.TowardsZero))},
			{params: decimalInt, result: anyDecimal, resultOf: firstType, fails: true, prepare: prepareRound(false)},
			{params: floatInt, result: record.Float64, build: eachRow(digitFloats(rounding.TowardsZero))},
		},
	},
	{
		name: "floor", params: "x",
		summary:  "The greatest whole number that is not above the number.",
		examples: [][2]string{{"floor(-2.5)", "-3"}},
		overloads: []overload{
			{params: intT, result: record.Int64, build: same},
			{params: decimalT, result: anyDecimal, resultOf: roundedType, build: decimalsOf(floorDecimal)},
			{params: floatT, result: record.Float64, build: mapping(floorFloats, nil)},
		},
	},
	{
		name: "ceil", aliases: []string{"ceiling"}, params: "x",
		summary:  "The least whole number that is not below the number.",
		examples: [][2]string{{"ceil(-2.5)", "-2"}},
		overloads: []overload{
			{params: intT, result: record.Int64, build: same},
			{params: decimalT, result: anyDecimal, resultOf: roundedType, build: decimalsOf(ceilDecimal)},
			{params: floatT, result: record.Float64, build: mapping(ceilFloats, nil)},
		},
	},
	{
		name: "mod", params: "x y",
		summary:   "The rest of a division, with the sign of `x`; as `x % y`. Fails where `y` is 0.",
		examples:  [][2]string{{"mod(-7, 3)", "-1"}, {"mod(7.5, 2)", "1.5"}},
		overloads: numberOperators["%"],
	},
	{
		name: "power", aliases: []string{"pow"}, params: "x y",
		summary:   "x to the power of y. Fails for 0 to a negative power, and for a negative number to one that is not whole.",
		examples:  [][2]string{{"power(2, 10)", "1024.0"}, {"power(4, -0.5)", "0.5"}},
		overloads: []overload{{params: floats, result: record.Float64, fails: true, build: eachRow(powerRows)}},
	},
	{
		name: "sqrt", params: "x",
		summary:   "The square root. Fails for negative numbers.",
		examples:  [][2]string{{"sqrt(2)", "1.4142135623730951"}, {"sqrt(-1)", "error: sqrt(-1): there is no square root of -1"}},
		overloads: []overload{{params: floatT, result: record.Float64, fails: true, build: mapping(sqrtFloats, whySqrt)}},
	},
	{
		name: "exp", params: "x",
		summary:   "e to the power of x.",
		examples:  [][2]string{{"exp(1)", "2.718281828459045"}},
		overloads: []overload{{params: floatT, result: record.Float64, build: eachRow(floatRows(math.Exp, nil))}},
	},
	{
		name: "ln", params: "x",
		summary:   "The natural logarithm. Fails for 0 and negative numbers.",
		examples:  [][2]string{{"ln(10)", "2.302585092994046"}, {"ln(0)", "error: ln(0): there is no logarithm of 0"}},
		overloads: []overload{{params: floatT, result: record.Float64, fails: true, build: eachRow(floatRows(naturalLog, whyLog))}},
	},
	{
		name: "log10", params: "x",
		summary:   "The logarithm to base 10. Fails for 0 and negative numbers.",
		examples:  [][2]string{{"log10(1000)", "3.0"}},
		overloads: []overload{{params: floatT, result: record.Float64, fails: true, build: eachRow(floatRows(math.Log10, whyLog))}},
	},
	{
		name: "log2", params: "x",
		summary:   "The logarithm to base 2. Fails for 0 and negative numbers.",
		examples:  [][2]string{{"log2(8)", "3.0"}},
		overloads: []overload{{params: floatT, result: record.Float64, fails: true, build: eachRow(floatRows(math.Log2, whyLog))}},
	},
})
