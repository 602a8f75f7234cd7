package expr

import (
	"slices"

	"github.com/weirstream/weir/runtime/record"
)

// Shorthands for the table below.
var (
	boolT    = []record.Type{record.Bool}
	bools    = []record.Type{record.Bool, record.Bool}
	int32T   = []record.Type{record.Int32}
	int32s   = []record.Type{record.Int32, record.Int32}
	intT     = []record.Type{record.Int64}
	intInt   = []record.Type{record.Int64, record.Int64}
	decimalT = []record.Type{anyDecimal}
	decimal2 = []record.Type{anyDecimal, anyDecimal}
	floatT   = []record.Type{record.Float64}
	floats   = []record.Type{record.Float64, record.Float64}
)

// operators are the functions behind the operators of the grammar, by symbol. Of
// overloads that fit equally well the first is taken.
var operators = withTime(tableOf([]function{
	{name: "+", overloads: []overload{
		{params: intInt, result: record.Int64, fails: true, build: combining(addInts[int64], whyAdd)},
		{params: int32s, result: record.Int32, fails: true, build: combining(addInts[int32], whyAdd)},
		{params: decimal2, result: anyDecimal, resultOf: sumType, fails: true, build: calculating("+", false, addDecimals)},
		{params: floats, result: record.Float64, build: combining(addFloats, nil)},
	}},
	{name: "-", overloads: []overload{
		{params: intInt, result: record.Int64, fails: true, build: combining(subtractInts[int64], whySubtract)},
		{params: int32s, result: record.Int32, fails: true, build: combining(subtractInts[int32], whySubtract)},
		{params: decimal2, result: anyDecimal, resultOf: sumType, fails: true, build: calculating("-", false, subtractDecimals)},
		{params: floats, result: record.Float64, build: combining(subtractFloats, nil)},
		{params: intT, result: record.Int64, fails: true, build: mapping(negateInts[int64], whyNegate)},
		{params: int32T, result: record.Int32, fails: true, build: mapping(negateInts[int32], whyNegate)},
		{params: decimalT, result: anyDecimal, resultOf: firstType, build: mapping(negateDecimals, nil)},
		{params: floatT, result: record.Float64, build: mapping(negateFloats, nil)},
	}},
	{name: "*", overloads: []overload{
		{params: intInt, result: record.Int64, fails: true, build: combining(multiplyInts, whyMultiply)},
		{params: int32s, result: record.Int32, fails: true, build: combining(multiplyInt32s, whyMultiplyInt32)},
		{params: decimal2, result: anyDecimal, resultOf: productType, fails: true, build: calculating("*", false, multiplyDecimals)},
		{params: floats, result: record.Float64, build: combining(multiplyFloats, nil)},
	}},
	{name: "/", overloads: []overload{
		{params: intInt, result: record.Int64, fails: true, build: combining(divideInts[int64], whyDivide)},
		{params: int32s, result: record.Int32, fails: true, build: combining(divideInts[int32], whyDivide)},
		{params: decimal2, result: anyDecimal, resultOf: quotientType, fails: true, build: calculating("/", true, divideDecimals)},
		{params: floats, result: record.Float64, fails: true, build: combining(divideFloats, whyZero[float64])},
	}},
	{name: "%", overloads: []overload{
		{params: intInt, result: record.Int64, fails: true, build: combining(remainderInts[int64], whyZero[int64])},
		{params: int32s, result: record.Int32, fails: true, build: combining(remainderInts[int32], whyZero[int32])},
		{params: decimal2, result: anyDecimal, resultOf: remainderType, fails: true, build: calculating("%", true, remainderDecimals)},
		{params: floats, result: record.Float64, fails: true, build: combining(remainderFloats, whyZero[float64])},
	}},
	{name: "||", overloads: []overload{
		{params: texts2, result: record.String, build: eachRow(joinRows)},
		{params: []record.Type{record.Bytes, record.Bytes}, result: record.Bytes, build: eachRow(joinRows)},
	}},
	comparisonOf("="), comparisonOf("<>"), comparisonOf("<"), comparisonOf("<="), comparisonOf(">"), comparisonOf(">="),
	{name: "AND", overloads: []overload{{params: bools, result: record.Bool, build: joining(false)}}},
	{name: "OR", overloads: []overload{{params: bools, result: record.Bool, build: joining(true)}}},
	{name: "NOT", overloads: []overload{{params: boolT, result: record.Bool, build: inverting}}},
}))

// functions are the functions that are called by name. Each area has a table in
// a file of its own.
var functions = slices.Concat(choiceFunctions, textFunctions, jsonFunctions, numberFunctions, timeFunctions, listFunctions)

func tableOf(list []function) map[string]*function {
	table := make(map[string]*function, len(list))
	for i := range list {
		table[list[i].name] = &list[i]
	}
	return table
}

func comparisonOf(op string) function {
	return function{name: op, overloads: []overload{
		{params: []record.Type{common, common}, atomic: true, result: record.Bool, build: comparing(op)},
		{params: decimal2, result: record.Bool, build: comparing(op)}, // scales may differ
	}}
}

// functionNamed returns the function, by whichever of its names, or nil.
func functionNamed(name string) *function {
	for i := range functions {
		if f := &functions[i]; f.name == name || slices.Contains(f.aliases, name) {
			return f
		}
	}
	return nil
}

func functionNames() []string {
	var names []string
	for _, f := range functions {
		names = append(append(names, f.name), f.aliases...)
	}
	return names
}
