package expr

import "github.com/weirstream/weir/runtime/record"

var (
	anyT  = []record.Type{common}
	any2T = []record.Type{common, common}
)

// choiceFunctions are the functions that choose among their arguments.
var choiceFunctions = inGroup("choice", []function{
	{
		name: "coalesce", params: "x",
		summary:   "The first argument that is not NULL; those behind it are not computed.",
		examples:  [][2]string{{"coalesce(NULL, 'a', 'b')", "'a'"}, {"coalesce(NULL, 2, 0.5)", "2.0"}},
		overloads: []overload{{params: anyT, variadic: true, result: common, build: coalescing}},
	},
	{
		name: "nullif", params: "x y",
		summary:   "NULL where `x = y`, else x.",
		examples:  [][2]string{{"nullif('n/a', 'n/a')", "NULL"}, {"nullif(5, 0)", "5"}},
		overloads: []overload{{params: any2T, result: common}}, // its kernel is that of CASE
	},
	{
		name: "greatest", params: "x",
		summary:   "The greatest of the arguments, in the order of comparisons; NULL if one of them is.",
		examples:  [][2]string{{"greatest(1, 3, 2)", "3"}, {"greatest('a', 'b')", "'b'"}, {"greatest(1, NULL)", "NULL"}},
		overloads: []overload{{params: anyT, variadic: true, atomic: true, result: common, build: extremes(true)}},
	},
	{
		name: "least", params: "x",
		summary:   "The least of the arguments, in the order of comparisons; NULL if one of them is.",
		examples:  [][2]string{{"least(1, 3, 2)", "1"}, {"least(1, 0.5)", "0.5"}, {"least(1, NULL)", "NULL"}},
		overloads: []overload{{params: anyT, variadic: true, atomic: true, result: common, build: extremes(false)}},
	},
})
