package plan

import (
	"fmt"

	"github.com/weirstream/weir/operators/agg"
	"github.com/weirstream/weir/operators/expr"
	"github.com/weirstream/weir/runtime/record"
)

// Call is an aggregate: a column of the result, and what is computed for it.
type Call struct {
	Name     string // of the column
	Function string // one of [agg.FunctionNames]
	Distinct bool   // count(DISTINCT x)
	// Argument is over the rows of the inputs; nil is count(*).
	Argument *expr.Checked
	Filter   *expr.Checked // only rows for which it is TRUE take part; nil is all
}

// Check returns what is wrong with the type of the argument, nil if nothing is.
func (c Call) Check() error {
	if c.Argument == nil {
		return nil
	}
	alone := record.MustSchema(record.Field{Name: c.Argument.String(), Type: c.Argument.Type()})
	_, err := agg.Compile([]agg.Call{c.over(0, agg.None)}, alone)
	return err
}

// over returns the call with columns as argument and filter.
func (c Call) over(column, filter int) agg.Call {
	return agg.Call{Name: c.Name, Function: c.Function, Distinct: c.Distinct, Column: column, Filter: filter,
		Argument: textOf(c.Argument), Condition: textOf(c.Filter)}
}

// textOf draws an expression in canonical form; nil is "".
func textOf(e *expr.Checked) string {
	if e == nil {
		return ""
	}
	return e.String()
}

// String draws the call in canonical form, as expressions are drawn.
func (c Call) String() string {
	argument := "*"
	switch {
	case c.Distinct:
		argument = "DISTINCT " + c.Argument.String()
	case c.Argument != nil:
		argument = c.Argument.String()
	}
	text := c.Function + "(" + argument + ")"
	if c.Filter != nil {
		text += fmt.Sprintf(" FILTER (WHERE %s)", c.Filter)
	}
	return text
}

// definition draws the call with the type that its state is made of: the same bits
// mean something else for another type.
func (c Call) definition() string {
	if c.Argument == nil {
		return c.String()
	}
	return fmt.Sprintf("%s of %v", c, c.Argument.Type())
}

// rounds reports whether the order of rows shows in the last digits.
func (c Call) rounds() bool {
	return c.Argument != nil && c.Argument.Type() == record.Float64 && (c.Function == "sum" || c.Function == "avg")
}
