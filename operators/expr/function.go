package expr

import (
	"fmt"
	"strings"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
)

// function is an entry of the table of functions and operators.
type function struct {
	name    string
	aliases []string // other names of it, such as those of other dialects

	// What reference pages say; operators, which are documented among the forms of the
	// grammar, have none. params names the parameters of all overloads, "text from
	// count".
	group    string
	params   string
	summary  string
	examples [][2]string

	overloads []overload
}

// inGroup returns functions that reference pages have in one group.
func inGroup(group string, functions []function) []function {
	for i := range functions {
		functions[i].group = group
	}
	return functions
}

// overload is one way to call a function.
type overload struct {
	// params are the types of the arguments; common stands for any type that is
	// the same for all arguments of which it is said, anyDecimal and anyList for
	// any type of their kind.
	params []record.Type
	// variadic says that the last parameter may stand any number of times.
	variadic bool
	// result is the type of the result, common where it is that of the arguments.
	result record.Type
	// resultOf, if not nil, returns the type of the result for those of the
	// arguments; result is then a word for it, such as anyDecimal.
	resultOf func(args []record.Type) record.Type
	// atomic says that common is neither a list nor a struct.
	atomic bool
	// fails says that there are arguments for which there is no result.
	fails bool
	build builder
	// prepare, if not nil, returns the builder for the arguments of a call, to
	// read those that are constants when the job is checked. It runs after the
	// arguments have been converted.
	prepare func(p *preparation) builder
}

// Types of parameters that stand for many: any type, and any of a kind.
var (
	common     = record.Type{}
	anyDecimal = record.Type{Kind: record.KindDecimal}
	anyList    = record.Type{Kind: record.KindList}
)

func (o *overload) param(i int) record.Type { return o.params[min(i, len(o.params)-1)] }

// String draws the parameters as "(int64, int64)".
func (o *overload) String() string {
	if o.params[0] == common {
		return "values of one type"
	}
	names := make([]string, len(o.params))
	for i, t := range o.params {
		names[i] = typeWord(t)
	}
	if o.variadic {
		names = append(names, "…")
	}
	return "(" + strings.Join(names, ", ") + ")"
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
