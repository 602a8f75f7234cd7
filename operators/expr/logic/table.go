package logic

import (
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
)

// Area is the operators of logic, comparisons, and functions that choose among their
// arguments.
var Area = kernel.Area{Functions: functions, Overloads: overloads, Casts: casts}

// types is shorthand for parameters.
type types = []record.Type

var (
	anyT  = types{kernel.Common}
	any2T = types{kernel.Common, kernel.Common}
)

// functions are the functions that choose among their arguments.
var functions = kernel.InGroup("choice", []kernel.Function{
	{
		Name: "coalesce", Params: "x",
		Summary:   "The first argument that is not NULL; those after it are not computed.",
		Examples:  [][2]string{{"coalesce(NULL, 'a', 'b')", "'a'"}, {"coalesce(NULL, 2, 0.5)", "2.0"}},
		Overloads: []kernel.Overload{{Params: anyT, Variadic: true, Result: kernel.Common, Build: coalescing}},
	},
	{
		Name: "nullif", Params: "x y",
		Summary:   "NULL if `x = y`, otherwise x.",
		Examples:  [][2]string{{"nullif('n/a', 'n/a')", "NULL"}, {"nullif(5, 0)", "5"}},
		Overloads: []kernel.Overload{{Params: any2T, Result: kernel.Common}}, // its kernel is that of CASE
	},
	{
		Name: "greatest", Params: "x",
		Summary:   "The greatest of the arguments, in the order of comparisons; NULL if any of them is NULL.",
		Examples:  [][2]string{{"greatest(1, 3, 2)", "3"}, {"greatest('a', 'b')", "'b'"}, {"greatest(1, NULL)", "NULL"}},
		Overloads: []kernel.Overload{{Params: anyT, Variadic: true, Atomic: true, Result: kernel.Common, Build: extremes(true)}},
	},
	{
		Name: "least", Params: "x",
		Summary:   "The least of the arguments, in the order of comparisons; NULL if any of them is NULL.",
		Examples:  [][2]string{{"least(1, 3, 2)", "1"}, {"least(1, 0.5)", "0.5"}, {"least(1, NULL)", "NULL"}},
		Overloads: []kernel.Overload{{Params: anyT, Variadic: true, Atomic: true, Result: kernel.Common, Build: extremes(false)}},
	},
})
