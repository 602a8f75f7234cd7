package expr

import "github.com/weirstream/weir/runtime/record"

// numberOperators are the overloads of operators for numbers.
var numberOperators = map[string][]overload{
	"+": {
		{params: intInt, result: record.Int64, fails: true, build: combining(addInts[int64], whyAdd)},
		{params: int32s, result: record.Int32, fails: true, build: combining(addInts[int32], whyAdd)},
		{params: decimal2, result: anyDecimal, resultOf: sumType, fails: true, build: calculating("+", false, addDecimals)},
		{params: floats, result: record.Float64, build: combining(addFloats, nil)},
	},
	"-": {
		{params: intInt, result: record.Int64, fails: true, build: combining(subtractInts[int64], whySubtract)},
		{params: int32s, result: record.Int32, fails: true, build: combining(subtractInts[int32], whySubtract)},
		{params: decimal2, result: anyDecimal, resultOf: sumType, fails: true, build: calculating("-", false, subtractDecimals)},
		{params: floats, result: record.Float64, build: combining(subtractFloats, nil)},
		{params: intT, result: record.Int64, fails: true, build: mapping(negateInts[int64], whyNegate)},
		{params: int32T, result: record.Int32, fails: true, build: mapping(negateInts[int32], whyNegate)},
		{params: decimalT, result: anyDecimal, resultOf: firstType, build: mapping(negateDecimals, nil)},
		{params: floatT, result: record.Float64, build: mapping(negateFloats, nil)},
	},
	"*": {
		{params: intInt, result: record.Int64, fails: true, build: combining(multiplyInts, whyMultiply)},
		{params: int32s, result: record.Int32, fails: true, build: combining(multiplyInt32s, whyMultiplyInt32)},
		{params: decimal2, result: anyDecimal, resultOf: productType, fails: true, build: calculating("*", false, multiplyDecimals)},
		{params: floats, result: record.Float64, build: combining(multiplyFloats, nil)},
	},
	"/": {
		{params: intInt, result: record.Int64, fails: true, build: combining(divideInts[int64], whyDivide)},
		{params: int32s, result: record.Int32, fails: true, build: combining(divideInts[int32], whyDivide)},
		{params: decimal2, result: anyDecimal, resultOf: quotientType, fails: true, build: calculating("/", true, divideDecimals)},
		{params: floats, result: record.Float64, fails: true, build: combining(divideFloats, whyZero[float64])},
	},
	"%": {
		{params: intInt, result: record.Int64, fails: true, build: combining(remainderInts[int64], whyZero[int64])},
		{params: int32s, result: record.Int32, fails: true, build: combining(remainderInts[int32], whyZero[int32])},
		{params: decimal2, result: anyDecimal, resultOf: remainderType, fails: true, build: calculating("%", true, remainderDecimals)},
		{params: floats, result: record.Float64, fails: true, build: combining(remainderFloats, whyZero[float64])},
	},
}
