package number

import (
	"github.com/weirstream/weir/operators/expr/exact"
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
)

// overloads are the overloads of operators for numbers.
var overloads = map[string][]kernel.Overload{
	"+": {
		{Params: intInt, Result: record.Int64, Fails: true, Build: kernel.Combining(exact.Add[int64], exact.WhyAdd)},
		{Params: int32s, Result: record.Int32, Fails: true, Build: kernel.Combining(exact.Add[int32], exact.WhyAdd)},
		{Params: decimal2, Result: kernel.AnyDecimal, ResultOf: sumType, Fails: true, Build: calculating("+", false, addDecimals)},
		{Params: floats, Result: record.Float64, Build: kernel.Combining(addFloats, nil)},
	},
	"-": {
		{Params: intInt, Result: record.Int64, Fails: true, Build: kernel.Combining(exact.Subtract[int64], exact.WhySubtract)},
		{Params: int32s, Result: record.Int32, Fails: true, Build: kernel.Combining(exact.Subtract[int32], exact.WhySubtract)},
		{Params: decimal2, Result: kernel.AnyDecimal, ResultOf: sumType, Fails: true, Build: calculating("-", false, subtractDecimals)},
		{Params: floats, Result: record.Float64, Build: kernel.Combining(subtractFloats, nil)},
		{Params: intT, Result: record.Int64, Fails: true, Build: kernel.Mapping(exact.Negate[int64], exact.WhyNegate)},
		{Params: int32T, Result: record.Int32, Fails: true, Build: kernel.Mapping(exact.Negate[int32], exact.WhyNegate)},
		{Params: decimalT, Result: kernel.AnyDecimal, ResultOf: firstType, Build: kernel.Mapping(negateDecimals, nil)},
		{Params: floatT, Result: record.Float64, Build: kernel.Mapping(negateFloats, nil)},
	},
	"*": {
		{Params: intInt, Result: record.Int64, Fails: true, Build: kernel.Combining(exact.Multiply, exact.WhyMultiply)},
		{Params: int32s, Result: record.Int32, Fails: true, Build: kernel.Combining(exact.MultiplyInt32, exact.WhyMultiplyInt32)},
		{Params: decimal2, Result: kernel.AnyDecimal, ResultOf: productType, Fails: true, Build: calculating("*", false, multiplyDecimals)},
		{Params: floats, Result: record.Float64, Build: kernel.Combining(multiplyFloats, nil)},
	},
	"/": {
		{Params: intInt, Result: record.Int64, Fails: true, Build: kernel.Combining(exact.Divide[int64], exact.WhyDivide)},
		{Params: int32s, Result: record.Int32, Fails: true, Build: kernel.Combining(exact.Divide[int32], exact.WhyDivide)},
		{Params: decimal2, Result: kernel.AnyDecimal, ResultOf: quotientType, Fails: true, Build: calculating("/", true, divideDecimals)},
		{Params: floats, Result: record.Float64, Fails: true, Build: kernel.Combining(divideFloats, whyZero)},
	},
	"%": {
		{Params: intInt, Result: record.Int64, Fails: true, Build: kernel.Combining(exact.Remainder[int64], exact.WhyRemainder[int64])},
		{Params: int32s, Result: record.Int32, Fails: true, Build: kernel.Combining(exact.Remainder[int32], exact.WhyRemainder[int32])},
		{Params: decimal2, Result: kernel.AnyDecimal, ResultOf: remainderType, Fails: true, Build: calculating("%", true, remainderDecimals)},
		{Params: floats, Result: record.Float64, Fails: true, Build: kernel.Combining(remainderFloats, whyZero)},
	},
}

var (
	int32T   = types{record.Int32}
	int32s   = types{record.Int32, record.Int32}
	intT     = types{record.Int64}
	intInt   = types{record.Int64, record.Int64}
	decimalT = types{kernel.AnyDecimal}
	decimal2 = types{kernel.AnyDecimal, kernel.AnyDecimal}
	floatT   = types{record.Float64}
	floats   = types{record.Float64, record.Float64}
)
