package expr

import "github.com/weirstream/weir/runtime/record"

// Shorthands for the table below.
var (
	boolT  = []record.Type{record.Bool}
	bools  = []record.Type{record.Bool, record.Bool}
	intT   = []record.Type{record.Int64}
	ints   = []record.Type{record.Int64, record.Int64}
	floatT = []record.Type{record.Float64}
	floats = []record.Type{record.Float64, record.Float64}
)

// operators are the functions behind the operators of the grammar, by symbol.
var operators = tableOf([]function{
	{"+", []overload{
		{params: ints, result: record.Int64, fails: true, build: combining(addInts, whyAdd)},
		{params: floats, result: record.Float64, build: combining(addFloats, nil)},
	}},
	{"-", []overload{
		{params: ints, result: record.Int64, fails: true, build: combining(subtractInts, whySubtract)},
		{params: floats, result: record.Float64, build: combining(subtractFloats, nil)},
		{params: intT, result: record.Int64, fails: true, build: mapping(negateInts, whyNegate)},
		{params: floatT, result: record.Float64, build: mapping(negateFloats, nil)},
	}},
	{"*", []overload{
		{params: ints, result: record.Int64, fails: true, build: combining(multiplyInts, whyMultiply)},
		{params: floats, result: record.Float64, build: combining(multiplyFloats, nil)},
	}},
	{"/", []overload{
		{params: ints, result: record.Int64, fails: true, build: combining(divideInts, whyDivide)},
		{params: floats, result: record.Float64, fails: true, build: combining(divideFloats, whyZero[float64])},
	}},
	{"%", []overload{
		{params: ints, result: record.Int64, fails: true, build: combining(remainderInts, whyZero[int64])},
		{params: floats, result: record.Float64, fails: true, build: combining(remainderFloats, whyZero[float64])},
	}},
	comparisonOf("="), comparisonOf("<>"), comparisonOf("<"), comparisonOf("<="), comparisonOf(">"), comparisonOf(">="),
	{"AND", []overload{{params: bools, result: record.Bool, build: joining(false)}}},
	{"OR", []overload{{params: bools, result: record.Bool, build: joining(true)}}},
	{"NOT", []overload{{params: boolT, result: record.Bool, build: inverting}}},
})

// functions are the functions that are called by name.
var functions = []function{
	{"abs", []overload{
		{params: intT, result: record.Int64, fails: true, build: mapping(absoluteInts, whyNegate)},
		{params: floatT, result: record.Float64, build: mapping(absoluteFloats, nil)},
	}},
	{"coalesce", []overload{
		{params: []record.Type{common}, variadic: true, result: common, build: coalescing},
	}},
}

func tableOf(list []function) map[string]*function {
	table := make(map[string]*function, len(list))
	for i := range list {
		table[list[i].name] = &list[i]
	}
	return table
}

func comparisonOf(op string) function {
	return function{op, []overload{
		{params: []record.Type{common, common}, result: record.Bool, build: comparing(op)},
	}}
}

// functionNamed returns the function, or nil.
func functionNamed(name string) *function {
	for i := range functions {
		if functions[i].name == name {
			return &functions[i]
		}
	}
	return nil
}

func functionNames() []string {
	names := make([]string, len(functions))
	for i, f := range functions {
		names[i] = f.name
	}
	return names
}
