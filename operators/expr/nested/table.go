package nested

import (
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
)

// Area is the functions of lists.
var Area = kernel.Area{Functions: functions}

// types is shorthand for parameters.
type types = []record.Type

// functions are the functions on lists.
var functions = kernel.InGroup("lists and structs", []kernel.Function{
	{
		Name: "cardinality", Aliases: []string{"array_length"}, Params: "list",
		Summary:   "How many elements the list has, including those that are NULL.",
		Examples:  [][2]string{{"cardinality(['a', 'b'])", "2"}},
		Overloads: []kernel.Overload{{Params: types{kernel.AnyList}, Result: record.Int64, Build: lengthOfList}},
	},
	{
		Name: "array_contains", Aliases: []string{"list_contains"}, Params: "list x",
		Summary: "Whether an element of the list equals x. An element that is NULL equals nothing.",
		Examples: [][2]string{{"array_contains(['a', 'b'], 'b')", "true"}, {"array_contains(['a', NULL], 'b')", "false"},
			{"array_contains(['a'], NULL)", "NULL"}},
		Overloads: []kernel.Overload{{Params: types{kernel.AnyList, kernel.Common}, Result: record.Bool, Prepare: prepareContains}},
	},
})
