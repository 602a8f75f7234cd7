package expr

import (
	"slices"

	"github.com/weirstream/weir/runtime/record"
)

// area is what a package of functions has.
type area struct {
	// functions are called by name.
	functions []function
	// overloads are those of operators, by symbol, and of functions that another
	// area has, by name.
	overloads map[string][]overload
	casts     []castRule
}

// areas are all of them, in the order in which messages list what there is. Of
// overloads that fit equally well the first is taken.
var areas = []area{
	{choiceFunctions, logicOperators, boolCasts},
	{slices.Concat(textFunctions, jsonFunctions), textOperators, textCasts},
	{numberFunctions, numberOperators, numberCasts},
	{timeFunctions, timeOperators, timeCasts},
	{listFunctions, nil, nil},
}

// The functions that are called by name; those behind the operators of the grammar,
// by symbol; and the conversions that CAST knows between different types.
var (
	functions, operators = allFunctions()
	casts                = allCasts()
)

func allFunctions() (named []function, bySymbol map[string]*function) {
	for _, a := range areas {
		named = append(named, a.functions...)
	}
	bySymbol = map[string]*function{}
	for _, a := range areas {
		for name, overloads := range a.overloads {
			f := functionIn(named, name)
			if f == nil {
				if f = bySymbol[name]; f == nil {
					f = &function{name: name}
					bySymbol[name] = f
				}
			}
			f.overloads = slices.Concat(f.overloads, overloads)
		}
	}
	return named, bySymbol
}

// functionIn returns the function of a table, by whichever of its names, or nil.
func functionIn(table []function, name string) *function {
	for i := range table {
		if f := &table[i]; f.name == name || slices.Contains(f.aliases, name) {
			return f
		}
	}
	return nil
}

func functionNames() []string {
	var names []string
	for _, f := range functions {
		names = append(append(names, f.name), f.aliases...)
	}
	return names
}

// conversion is from one kind of type to another.
type conversion struct{ from, to record.Kind }

func allCasts() map[conversion]castRule {
	all := map[conversion]castRule{}
	for _, a := range areas {
		for _, rule := range a.casts {
			all[conversion{rule.from, rule.to}] = rule
		}
	}
	return all
}

// castRuleOf returns how values of a type are cast to another, and whether they
// are at all: all types are to string.
func castRuleOf(from, to record.Type) (castRule, bool) {
	rule, ok := casts[conversion{from.Kind, to.Kind}]
	if !ok && to == record.String {
		return castRule{build: writing(writeAny)}, true
	}
	return rule, ok
}

func writeAny(to []byte, c *record.Column, i int) ([]byte, error) {
	return c.AppendText(to, i), nil
}
