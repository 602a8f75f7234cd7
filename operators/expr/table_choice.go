package expr

import "github.com/weirstream/weir/runtime/record"

// choiceFunctions are the functions that choose among their arguments.
var choiceFunctions = []function{
	{
		name: "coalesce", group: groupChoice, params: "x",
		summary:  "The first argument that is not NULL; those behind it are not computed.",
		examples: []Example{{"coalesce(NULL, 'a', 'b')", "'a'"}, {"coalesce(NULL, 2, 0.5)", "2.0"}},
		overloads: []overload{
			{params: []record.Type{common}, variadic: true, result: common, build: coalescing},
		},
	},
}
