package agg

import (
	"fmt"
	"slices"
	"strings"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
)

// None stands for a column that a [Call] does not have.
const None = -1

// Call is an aggregate as a job writes it. Argument and filter are columns of
// the input: expressions are computed before.
type Call struct {
	Name     string // of the result column
	Function string // "count", "sum", "min", "max" or "avg"
	Distinct bool   // count(DISTINCT x)
	Column   int    // the argument; None is count(*)
	Filter   int    // a Bool column: rows where it is false or null do not take part; None is all rows

	// Argument and Condition say what Column and Filter hold. State is found again by
	// them, so that they must mean the same in every version of a job; "" is the name
	// of the column.
	Argument, Condition string
}

// A function is an aggregate function: a file of this package, and a line in
// functions.
type function struct {
	name     string
	summary  string
	examples [][2]string
	takes    []record.Kind // kinds of argument
	star     bool          // may do without an argument
	// plan says how to compute the function for an argument of a type; the type
	// is zero without an argument.
	plan func(argument record.Type) plan
}

// A plan is how a call is computed.
type plan struct {
	result record.Type
	parts  []*kind
	// final appends the result of each group, given the accumulators of parts.
	final func(parts []accumulator, rows groups, to *record.Column) *RangeError
}

var functions = []*function{&countFunction, &sumFunction, &minFunction, &maxFunction, &avgFunction}

// FunctionNames lists the functions that a [Call] may name.
func FunctionNames() []string {
	names := make([]string, len(functions))
	for i, f := range functions {
		names[i] = f.name
	}
	return names
}

// resolve checks a call against the schema of the input and plans it.
func (c Call) resolve(input *record.Schema) (plan, error) {
	if c.Filter != None {
		if f := input.Field(c.Filter); f.Type != record.Bool {
			return plan{}, fmt.Errorf("aggregate %q: a filter must be bool, and %s is %v", c.Name, f.Name, f.Type)
		}
	}
	at := slices.IndexFunc(functions, func(f *function) bool { return f.name == c.Function })
	if at < 0 {
		return plan{}, fmt.Errorf("aggregate %q: there is no aggregate function %q%s",
			c.Name, c.Function, component.Suggest(c.Function, FunctionNames()))
	}
	f := functions[at]
	if c.Distinct {
		if f != &countFunction || c.Column == None {
			return plan{}, fmt.Errorf("aggregate %q: DISTINCT is for count(DISTINCT x) only", c.Name)
		}
		if argument := input.Field(c.Column); argument.Type.IsNested() {
			return plan{}, fmt.Errorf("aggregate %q: %s is %v, whose values cannot be compared in state; choose a field of it, or unnest it",
				c.Name, argument.Name, argument.Type)
		}
		return distinctPlan, nil
	}
	if c.Column == None {
		if !f.star {
			return plan{}, fmt.Errorf("aggregate %q: %s needs an argument: only count takes *", c.Name, f.name)
		}
		return f.plan(record.Type{}), nil
	}
	argument := input.Field(c.Column)
	if !slices.Contains(f.takes, argument.Type.Kind) {
		return plan{}, fmt.Errorf("aggregate %q: %s takes %s, and %s is %v; CAST it, or choose another column",
			c.Name, f.name, kindList(f.takes), argument.Name, argument.Type)
	}
	return f.plan(argument.Type), nil
}

func kindList(kinds []record.Kind) string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = k.String()
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}

// What functions take: values that state can hold, and numbers.
var (
	anyKind = []record.Kind{record.KindBool, record.KindInt32, record.KindInt64, record.KindFloat64, record.KindDecimal,
		record.KindString, record.KindBytes, record.KindTimestamp, record.KindDate}
	countedKinds = append(slices.Clone(anyKind), record.KindList, record.KindStruct)
	numberKinds  = []record.Kind{record.KindInt32, record.KindInt64, record.KindFloat64, record.KindDecimal}
)
