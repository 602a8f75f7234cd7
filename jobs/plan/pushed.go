package plan

import (
	"github.com/weirstream/weir/operators/expr"
	"github.com/weirstream/weir/operators/expr/syntax"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// This file is the rule which conditions are offered to a source, for it to leave out rows
// that do not meet them. The step that has them looks at every row all the same.
//
// It is the step that alone reads the source, and its condition cannot fail, for a row for
// which it would is to fail. The watermark must not follow the rows: where it does, rows
// that are left out would be missing to it, and others would not be late.

// pushed returns the conditions that the source takes.
func (s *Source) pushed(p *Plan) (taken []graph.TakenCondition) {
	source, ok := s.Reader.(stream.FilteringSource)
	if !ok || s.changelog() != nil || s.HasTime && !s.EventTime.Complete {
		return nil
	}
	where := p.filter(Ref{s, stream.Main})
	if where == nil || where.Fails() {
		return nil
	}
	var offered []stream.Condition
	for _, c := range where.Comparisons(s.Columns) {
		offered = append(offered, condition(c, s.Columns.Field(c.Column).Type))
	}
	if offered == nil {
		return nil
	}
	for i, how := range source.Takes(offered) {
		if how != stream.NotTaken {
			taken = append(taken, graph.TakenCondition{Condition: offered[i], Taken: how})
		}
	}
	return taken
}

// filter returns the condition of the only node that reads an output, nil where there are
// others or it has none.
func (p *Plan) filter(r Ref) *expr.Checked {
	var reader Node
	for _, n := range p.Nodes {
		for _, in := range n.Common().Inputs {
			if in != r {
				continue
			}
			if reader != nil || len(n.Common().Inputs) > 1 {
				return nil
			}
			reader = n
		}
	}
	switch n := reader.(type) {
	case *Project:
		return n.Where
	case *Aggregate:
		return n.Where
	}
	return nil
}

func condition(c expr.Comparison, column record.Type) stream.Condition {
	return stream.Condition{Column: c.Column, Op: c.Op, Value: goValue(c.Value, column), Text: c.Value.String()}
}

// goValue returns a constant as Go has it.
func goValue(v syntax.Value, column record.Type) any {
	switch column {
	case record.String:
		return v.Text
	case record.Bool:
		return v.Int != 0
	case record.Timestamp:
		return record.Time(v.Int)
	case record.Date:
		return int32(v.Int)
	}
	return v.Int
}
