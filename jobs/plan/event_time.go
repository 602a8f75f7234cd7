package plan

import (
	"github.com/weirstream/weir/operators/expr"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
)

// TimeOf returns the event time that an expression of type Timestamp over the columns of a
// source computes.
func TimeOf(e *expr.Checked) graph.TimeExpression { return computedTime{e} }

type computedTime struct{ expr *expr.Checked }

// String implements graph.TimeExpression.
func (t computedTime) String() string { return t.expr.String() }

// Compile implements graph.TimeExpression.
func (t computedTime) Compile(pool *record.Pool) graph.TimeProgram {
	program := t.expr.Compile(pool)
	var failed []graph.FailedTime
	return func(b *record.Batch) (*record.Column, []graph.FailedTime) {
		times, failures := program.Eval(b, nil)
		clear(failed)
		failed = failed[:0]
		for _, f := range failures {
			failed = append(failed, graph.FailedTime{Row: f.Row, Err: f.Err})
		}
		return times, failed
	}
}

// columnsOf returns the columns that an event time is computed of, of so many.
func columnsOf(t graph.TimeExpression, columns int) []int {
	if c, ok := t.(computedTime); ok {
		return c.expr.Columns()
	}
	all := make([]int, columns)
	for i := range all {
		all[i] = i
	}
	return all
}
