package kernel

import (
	"fmt"
	"strings"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
)

// Function is an entry of the table of functions and operators.
type Function struct {
	Name    string
	Aliases []string // other names of it, such as those of other dialects

	// What reference pages say; operators, which are documented among the forms of the
	// grammar, have none. Params names the parameters of all overloads, "text from
	// count"; Examples are calls and what they give.
	Group    string
	Params   string
	Summary  string
	Examples [][2]string

	Overloads []Overload
}

// InGroup returns functions that reference pages have in one group.
func InGroup(group string, functions []Function) []Function {
	for i := range functions {
		functions[i].Group = group
	}
	return functions
}

// Overload is one way to call a function.
type Overload struct {
	// Params are the types of the arguments; [Common] stands for any type that is
	// the same for all arguments of which it is said, [AnyDecimal] and [AnyList]
	// for any type of their kind.
	Params []record.Type
	// Variadic says that the last parameter may stand any number of times.
	Variadic bool
	// Result is the type of the result, [Common] where it is that of the arguments.
	Result record.Type
	// ResultOf, if not nil, returns the type of the result for those of the
	// arguments; Result is then a word for it, such as [AnyDecimal].
	ResultOf func(args []record.Type) record.Type
	// Atomic says that [Common] is neither a list nor a struct.
	Atomic bool
	// Fails says that there are arguments for which there is no result.
	Fails bool
	Build Builder
	// Prepare, if not nil, returns the builder for the arguments of a call, to
	// read those that are constants when the job is checked. It runs after the
	// arguments have been converted.
	Prepare func(p *Preparation) Builder
}

// Types of parameters that stand for many: any type, and any of a kind.
var (
	Common     = record.Type{}
	AnyDecimal = record.Type{Kind: record.KindDecimal}
	AnyList    = record.Type{Kind: record.KindList}
)

// Param returns the type that argument i is wanted in.
func (o *Overload) Param(i int) record.Type { return o.Params[min(i, len(o.Params)-1)] }

// String draws the parameters as "(int64, int64)".
func (o *Overload) String() string {
	if o.Params[0] == Common {
		return "values of one type"
	}
	names := make([]string, len(o.Params))
	for i, t := range o.Params {
		names[i] = typeWord(t)
	}
	if o.Variadic {
		names = append(names, "…")
	}
	return "(" + strings.Join(names, ", ") + ")"
}

// Doc returns what a reference page says of a function.
func (f *Function) Doc() component.FunctionDoc {
	d := component.FunctionDoc{Name: f.Name, Aliases: f.Aliases, Group: f.Group, Summary: f.Summary, Examples: f.Examples}
	for i := range f.Overloads {
		d.Signatures = append(d.Signatures, f.signature(&f.Overloads[i]))
	}
	return d
}

// signature draws an overload as "substring(text string, from int64) → string".
func (f *Function) signature(o *Overload) string {
	names := strings.Fields(f.Params)
	params := make([]string, len(o.Params))
	for i, t := range o.Params {
		params[i] = names[i] + " " + typeWord(t)
	}
	if o.Variadic {
		params = append(params, "…")
	}
	return fmt.Sprintf("%s(%s) → %s", f.Name, strings.Join(params, ", "), typeWord(o.Result))
}

func typeWord(t record.Type) string {
	switch t {
	case Common:
		return "any"
	case AnyDecimal:
		return "decimal"
	}
	return t.String()
}
