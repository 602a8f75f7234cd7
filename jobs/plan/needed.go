package plan

import (
	"github.com/weirstream/weir/operators/agg"
	"github.com/weirstream/weir/operators/expr"
	"github.com/weirstream/weir/operators/process"
	"github.com/weirstream/weir/operators/window"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// This file is the rule which columns an aggregate reads: only those travel to it.

// feed returns the node that filters the rows of the inputs and computes the columns
// that the aggregate needs, and the aggregate over these. Late rows need all columns
// that there are.
func (a *Aggregate) feed(late bool) (*Project, window.Config) {
	n := newNeeded(a.input(), late)
	config := window.Config{Lateness: a.Lateness, AnyLate: a.AnyLate, Keys: []int{}} // not nil: without columns all rows meet in one place
	if a.Window != nil {
		config.Shape = a.Window.shape()
	}
	for _, k := range a.Keys {
		config.Keys = append(config.Keys, n.add(column(a.input(), a.input().Field(k).Name)))
	}
	for _, c := range a.Calls {
		config.Aggregates = append(config.Aggregates, c.over(n.add(c.Argument), n.add(c.Filter)))
	}
	feed := &Project{
		Base:  Base{Name: a.Name.Of(Input), Inputs: a.Inputs, Parallelism: Intake(a)},
		Where: a.Where, Columns: n.columns, OnError: a.OnError,
	}
	config.Input = feed.Schema(stream.Main)
	return feed, config
}

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
			n.add(column(schema, name))
		}
	}
	return n
}

// column returns the expression that is a column alone.
func column(schema *record.Schema, name string) *expr.Checked {
	e, errs := expr.Parse(expr.Name(name))
	if errs == nil {
		var checked *expr.Checked
		if checked, errs = expr.Check(e, schema); errs == nil {
			return checked
		}
	}
	panic("plan: a column is not an expression: " + errs.Error())
}

// Columns returns the columns of a schema as expressions, for a projection that
// passes them on as they are.
func Columns(schema *record.Schema) []process.Column { return newNeeded(schema, true).columns }

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
	if i := columnOf(e, n.schema); i >= 0 {
		return n.schema.Field(i).Name
	}
	for n.schema.Index(text) >= 0 {
		text += "'"
	}
	return text
}

// columnOf returns the column that an expression is, -1 where it is another one.
func columnOf(e *expr.Checked, schema *record.Schema) int {
	if read := e.Columns(); len(read) == 1 && e.String() == expr.Name(schema.Field(read[0]).Name) {
		return read[0]
	}
	return -1
}
