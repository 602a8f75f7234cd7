package expr

import "github.com/weirstream/weir/runtime/record"

// numberFunctions are the functions on numbers.
var numberFunctions = []function{
	{
		name: "abs", group: groupNumber, params: "x",
		summary:  "The number without its sign. The least int64 has no such number and fails.",
		examples: []Example{{"abs(-3)", "3"}, {"abs(0.5)", "0.5"}},
		overloads: []overload{
			{params: intT, result: record.Int64, fails: true, build: mapping(absoluteInts, whyNegate)},
			{params: floatT, result: record.Float64, build: mapping(absoluteFloats, nil)},
		},
	},
}
