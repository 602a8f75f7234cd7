package logic

import (
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
)

// overloads are the overloads of comparisons and of the operators of logic.
var overloads = map[string][]kernel.Overload{
	"=": comparisonOf("="), "<>": comparisonOf("<>"),
	"<": comparisonOf("<"), "<=": comparisonOf("<="), ">": comparisonOf(">"), ">=": comparisonOf(">="),
	"AND": {{Params: bools, Result: record.Bool, Build: joining(false)}},
	"OR":  {{Params: bools, Result: record.Bool, Build: joining(true)}},
	"NOT": {{Params: boolT, Result: record.Bool, Build: inverting}},
}

func comparisonOf(op string) []kernel.Overload {
	return []kernel.Overload{
		{Params: any2T, Atomic: true, Result: record.Bool, Build: comparing(op)},
		{Params: decimal2, Result: record.Bool, Build: comparing(op)}, // scales may differ
	}
}

var (
	boolT    = types{record.Bool}
	bools    = types{record.Bool, record.Bool}
	decimal2 = types{kernel.AnyDecimal, kernel.AnyDecimal}
)
