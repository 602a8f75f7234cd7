package expr

import (
	"slices"

	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/operators/expr/logic"
	"github.com/weirstream/weir/operators/expr/nested"
	"github.com/weirstream/weir/operators/expr/number"
	"github.com/weirstream/weir/operators/expr/text"
	"github.com/weirstream/weir/operators/expr/times"
	"github.com/weirstream/weir/runtime/record"
)

// areas are all of them, in the order in which messages list what there is. Of
// overloads that fit equally well the first is taken.
var areas = []kernel.Area{
	logic.Area, text.Area, number.Area, times.Area, nested.Area,
}

// The functions that are called by name; those behind the operators of the grammar,
// by symbol; and the conversions that CAST knows between different types.
var (
	functions, operators = allFunctions()
	casts                = allCasts()
)

func allFunctions() (named []kernel.Function, bySymbol map[string]*kernel.Function) {
	for _, a := range areas {
		named = append(named, a.Functions...)
	}
	bySymbol = map[string]*kernel.Function{}
	for _, a := range areas {
		for name, overloads := range a.Overloads {
			f := functionIn(named, name)
			if f == nil {
				if f = bySymbol[name]; f == nil {
					f = &kernel.Function{Name: name}
					bySymbol[name] = f
				}
			}
			f.Overloads = slices.Concat(f.Overloads, overloads)
		}
	}
	return named, bySymbol
}

// functionIn returns the function of a table, by whichever of its names, or nil.
func functionIn(table []kernel.Function, name string) *kernel.Function {
	for i := range table {
		if f := &table[i]; f.Name == name || slices.Contains(f.Aliases, name) {
			return f
		}
	}
	return nil
}

func functionNames() []string {
	var names []string
	for _, f := range functions {
		names = append(append(names, f.Name), f.Aliases...)
	}
	return names
}

// conversion is from one kind of type to another.
type conversion struct{ from, to record.Kind }

func allCasts() map[conversion]kernel.Cast {
	all := map[conversion]kernel.Cast{}
	for _, a := range areas {
		for _, rule := range a.Casts {
			all[conversion{rule.From, rule.To}] = rule
		}
	}
	return all
}

// castRuleOf returns how values of a type are cast to another, and whether they
// are at all: all types are to string.
func castRuleOf(from, to record.Type) (kernel.Cast, bool) {
	rule, ok := casts[conversion{from.Kind, to.Kind}]
	if !ok && to == record.String {
		return kernel.Cast{Build: kernel.Writing(writeAny)}, true
	}
	return rule, ok
}

func writeAny(to []byte, c *record.Column, i int) ([]byte, error) {
	return c.AppendText(to, i), nil
}
