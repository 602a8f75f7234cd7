package expr

import (
	"slices"

	"github.com/weirstream/weir/runtime/component"
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
		docs = append(docs, functions[i].Doc())
	}
	order := func(d component.FunctionDoc) int { return slices.Index(Groups(), d.Group) }
	slices.SortStableFunc(docs, func(a, b component.FunctionDoc) int { return order(a) - order(b) })
	return docs
}
