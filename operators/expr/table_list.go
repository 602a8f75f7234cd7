package expr

import "github.com/weirstream/weir/runtime/record"

// listFunctions are the functions on lists.
var listFunctions = inGroup("lists and structs", []function{
	{
		name: "cardinality", aliases: []string{"array_length"}, params: "list",
		summary:   "How many elements the list has, those that are NULL included.",
		examples:  [][2]string{{"cardinality(['a', 'b'])", "2"}},
		overloads: []overload{{params: []record.Type{anyList}, result: record.Int64, build: lengthOfList}},
	},
	{
		name: "array_contains", aliases: []string{"list_contains"}, params: "list x",
		summary:   "Whether an element of the list equals x. An element that is NULL equals nothing.",
		examples:  [][2]string{{"array_contains(['a', 'b'], 'b')", "true"}, {"array_contains(['a', NULL], 'b')", "false"}, {"array_contains(['a'], NULL)", "NULL"}},
		overloads: []overload{{params: []record.Type{anyList, common}, result: record.Bool, prepare: prepareContains}},
	},
})
