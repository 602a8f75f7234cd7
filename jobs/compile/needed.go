package compile

import (
	"github.com/weirstream/weir/operators/agg"
	"github.com/weirstream/weir/operators/expr"
	"github.com/weirstream/weir/operators/process"
	"github.com/weirstream/weir/runtime/record"
)

// needed collects the columns that an aggregate reads, each once: keys, and the
// values of arguments and filters. They are named by the expression that they
// hold.
type needed struct {
	schema  *record.Schema // what the expressions are over
	columns []process.Column
	at      map[string]int // by canonical text of the expression
}

// newNeeded begins with no columns, or with all that there are.
func newNeeded(schema *record.Schema, all bool) *needed {
	n := &needed{schema: schema, at: map[string]int{}}
	if all {
		for _, name := range schema.Names() {
			n.add(n.column(name))
		}
	}
	return n
}

// column returns the expression that is a column alone.
func (n *needed) column(name string) *expr.Checked {
	e, errs := expr.Parse(expr.Name(name))
	if errs == nil {
		var checked *expr.Checked
		if checked, errs = expr.Check(e, n.schema); errs == nil {
			return checked
		}
	}
	panic("compile: a column is not an expression: " + errs.Error())
}

// add returns the position of an expression's column; nil takes none.
func (n *needed) add(e *expr.Checked) int {
	if e == nil {
		return agg.None
	}
	text := e.String()
	if i, ok := n.at[text]; ok {
		return i
	}
	n.at[text] = len(n.columns)
	n.columns = append(n.columns, process.Column{Name: n.name(e, text), Expr: e})
	return n.at[text]
}

// name returns the name of a new column: that of the column that e is, or its
// text, with a prime where a strange column has that name.
func (n *needed) name(e *expr.Checked, text string) string {
	if read := e.Columns(); len(read) == 1 {
		name := n.schema.Field(read[0]).Name
		if n.column(name).String() == text {
			return name
		}
	}
	for n.schema.Index(text) >= 0 {
		text += "'"
	}
	return text
}
