package expr

import (
	"fmt"
	"slices"
	"strings"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
)

// The groups of functions.
const (
	groupOperator = "operators"
	groupChoice   = "choice"
	groupText     = "text"
	groupNumber   = "numbers"
	groupTime     = "time"
	groupJSON     = "json"
	groupList     = "lists and structs"
)

// Groups returns the groups of functions in the order of a reference page.
func Groups() []string {
	return []string{groupOperator, groupChoice, groupText, groupNumber, groupTime, groupJSON, groupList}
}

// Functions describes all functions and the forms of the grammar that act as
// such, in the order of [Groups], each group in the order of its table.
func Functions() []component.FunctionDoc {
	docs := slices.Concat(forms, timeDocs)
	for i := range functions {
		docs = append(docs, functions[i].doc())
	}
	order := func(d component.FunctionDoc) int { return slices.Index(Groups(), d.Group) }
	slices.SortStableFunc(docs, func(a, b component.FunctionDoc) int { return order(a) - order(b) })
	return docs
}

func (f *function) doc() component.FunctionDoc {
	d := component.FunctionDoc{Name: f.name, Aliases: f.aliases, Group: f.group, Summary: f.summary, Examples: f.examples}
	for i := range f.overloads {
		d.Signatures = append(d.Signatures, f.signature(&f.overloads[i]))
	}
	return d
}

// signature draws an overload as "substring(text string, from int64) → string".
func (f *function) signature(o *overload) string {
	names := strings.Fields(f.params)
	params := make([]string, len(o.params))
	for i, t := range o.params {
		params[i] = names[i] + " " + typeWord(t)
	}
	if o.variadic {
		params = append(params, "…")
	}
	return fmt.Sprintf("%s(%s) → %s", f.name, strings.Join(params, ", "), typeWord(o.result))
}

func typeWord(t record.Type) string {
	switch t {
	case common:
		return "any"
	case anyDecimal:
		return "decimal"
	}
	return t.String()
}
