package expr

import "github.com/weirstream/weir/runtime/record"

// logicOperators are the overloads of comparisons and of the operators of logic.
var logicOperators = map[string][]overload{
	"=": comparisonOf("="), "<>": comparisonOf("<>"),
	"<": comparisonOf("<"), "<=": comparisonOf("<="), ">": comparisonOf(">"), ">=": comparisonOf(">="),
	"AND": {{params: bools, result: record.Bool, build: joining(false)}},
	"OR":  {{params: bools, result: record.Bool, build: joining(true)}},
	"NOT": {{params: boolT, result: record.Bool, build: inverting}},
}

func comparisonOf(op string) []overload {
	return []overload{
		{params: any2T, atomic: true, result: record.Bool, build: comparing(op)},
		{params: decimal2, result: record.Bool, build: comparing(op)}, // scales may differ
	}
}
