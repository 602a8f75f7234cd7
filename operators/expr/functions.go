package expr

import (
	"fmt"
	"slices"
	"strings"

	"github.com/weirstream/weir/runtime/record"
)

// FunctionDoc describes a function, or a form of the grammar that acts as one.
// Reference pages and suggestions derive from it.
type FunctionDoc struct {
	// Name is the name in lower case, or of a form its keyword or sign, such as
	// "CASE" or "||".
	Name string
	// Aliases are other names that mean the same.
	Aliases []string
	// Group is one of [Groups].
	Group string
	// Signatures are the ways to call it, such as "length(text string) → int64".
	Signatures []string
	// Summary says what it gives, NULL and failure included, in Markdown.
	Summary string
	// Examples are expressions without columns and what they give.
	Examples []Example
}

// Example is an expression and the text of its value: a literal, or "error: "
// and the reason where it has none.
type Example struct{ Expression, Result string }

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
func Functions() []FunctionDoc {
	docs := slices.Concat(forms, timeDocs)
	for i := range functions {
		docs = append(docs, functions[i].doc())
	}
	order := func(d FunctionDoc) int { return slices.Index(Groups(), d.Group) }
	slices.SortStableFunc(docs, func(a, b FunctionDoc) int { return order(a) - order(b) })
	return docs
}

func (f *function) doc() FunctionDoc {
	d := FunctionDoc{Name: f.name, Aliases: f.aliases, Group: f.group, Summary: f.summary, Examples: f.examples}
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
