package expr

import (
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
)

// numberOperators are the overloads of operators for numbers.
var numberOperators = map[string][]kernel.Overload{
	"+": {
		{Params: intInt, Result: record.Int64, Fails: true, Build: kernel.Combining(addInts[int64], whyAdd)},
		{Params: int32s, Result: record.Int32, Fails: true, Build: kernel.Combining(addInts[int32], whyAdd)},
		{Params: decimal2, Result: kernel.AnyDecimal, ResultOf: sumType, Fails: true, Build: calculating("+", false, addDecimals)},
		{Params: floats, Result: record.Float64, Build: kernel.Combining(addFloats, nil)},
	},
	"-": {
		{Params: intInt, Result: record.Int64, Fails: true, Build: kernel.Combining(subtractInts[int64], whySubtract)},
		{Params: int32s, Result: record.Int32, Fails: true, Build: kernel.Combining(subtractInts[int32], whySubtract)},
		{Params: decimal2, Result: kernel.AnyDecimal, ResultOf: sumType, Fails: true, Build: calculating("-", false, subtractDecimals)},
		{Params: floats, Result: record.Float64, Build: kernel.Combining(subtractFloats, nil)},
		{Params: intT, Result: record.Int64, Fails: true, Build: kernel.Mapping(negateInts[int64], whyNegate)},
		{Params: int32T, Result: record.Int32, Fails: true, Build: kernel.Mapping(negateInts[int32], whyNegate)},
		{Params: decimalT, Result: kernel.AnyDecimal, ResultOf: firstType, Build: kernel.Mapping(negateDecimals, nil)},
		{Params: floatT, Result: record.Float64, Build: kernel.Mapping(negateFloats, nil)},
	},
	"*": {
		{Params: intInt, Result: record.Int64, Fails: true, Build: kernel.Combining(multiplyInts, whyMultiply)},
		{Params: int32s, Result: record.Int32, Fails: true, Build: kernel.Combining(multiplyInt32s, whyMultiplyInt32)},
		{Params: decimal2, Result: kernel.AnyDecimal, ResultOf: productType, Fails: true, Build: calculating("*", false, multiplyDecimals)},
		{Params: floats, Result: record.Float64, Build: kernel.Combining(multiplyFloats, nil)},
	},
	"/": {
		{Params: intInt, Result: record.Int64, Fails: true, Build: kernel.Combining(divideInts[int64], whyDivide)},
		{Params: int32s, Result: record.Int32, Fails: true, Build: kernel.Combining(divideInts[int32], whyDivide)},
		{Params: decimal2, Result: kernel.AnyDecimal, ResultOf: quotientType, Fails: true, Build: calculating("/", true, divideDecimals)},
		{Params: floats, Result: record.Float64, Fails: true, Build: kernel.Combining(divideFloats, whyZero[float64])},
	},
	"%": {
		{Params: intInt, Result: record.Int64, Fails: true, Build: kernel.Combining(remainderInts[int64], whyZero[int64])},
		{Params: int32s, Result: record.Int32, Fails: true, Build: kernel.Combining(remainderInts[int32], whyZero[int32])},
		{Params: decimal2, Result: kernel.AnyDecimal, ResultOf: remainderType, Fails: true, Build: calculating("%", true, remainderDecimals)},
		{Params: floats, Result: record.Float64, Fails: true, Build: kernel.Combining(remainderFloats, whyZero[float64])},
	},
}
