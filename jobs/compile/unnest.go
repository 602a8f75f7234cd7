package compile

import (
	"fmt"

	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/operators/expr"
	"github.com/weirstream/weir/operators/process"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// unnest is what makes a row of each element of a list, before the rest of its
// step.
type unnest struct {
	node *document.Node
	expr.Unnest
}

// readUnnest returns nil where there is none, or after a problem.
func readUnnest(s section) *unnest {
	n := s.scalar("unnest")
	if n == nil {
		return nil
	}
	u, errs := expr.ParseUnnest(n.Text)
	if s.expressionProblems("unnest", n, errs); errs != nil {
		return nil
	}
	return &unnest{n, u}
}

// build adds the step of the graph that unnests, which is the whole step if that
// does nothing else; nil after a problem.
func (u *unnest) build(c *compiler, p *vertex, st *step, in input) *graph.Step {
	s := p.section
	list, errs := expr.Check(u.List, in.schema)
	if s.expressionProblems("unnest", u.node, errs); errs != nil || !u.checkNames(s, in.schema) {
		return nil
	}
	config := process.UnnestConfig{Input: in.schema, List: list, Element: u.Element, Position: u.Position}
	newOperator, err := process.NewUnnest(config)
	if err != nil {
		s.problem(u.node.At(), "unnest", "%v", err)
		return nil
	}
	schema, err := config.Schema()
	if err != nil {
		panic("compile: the unnest was checked: " + err.Error())
	}
	id := p.id
	if st.where != nil || st.selected != nil || st.grouped != nil || st.onError != stream.Fail {
		id += ".unnest"
	}
	step := &graph.Step{
		ID:          id,
		Inputs:      in.edges(),
		Outputs:     outputs(schema, nil, stream.Fail),
		NewOperator: newOperator,
		Parallelism: st.parallelismOfRows(in),
		Definition:  stream.Definition{{Text: "unnest " + drawUnnest(config)}},
		About:       aboutUnnest(config, len(in.ports)),
	}
	c.add(step)
	return step
}

// checkNames refuses names that a column has already.
func (u *unnest) checkNames(s section, schema *record.Schema) bool {
	ok := true
	for _, name := range []string{u.Element, u.Position} {
		if name != "" && schema.Index(name) >= 0 {
			s.problem(u.node.At(), "unnest", "the input has a column %q already; choose another name", name)
			ok = false
		}
	}
	if u.Element == u.Position {
		s.problem(u.node.At(), "unnest", "the element and its position are both called %q", u.Element)
		ok = false
	}
	return ok
}

func drawUnnest(c process.UnnestConfig) string {
	text := fmt.Sprintf("%s AS %s", c.List, expr.Name(c.Element))
	if c.Position != "" {
		text += " WITH ORDINALITY AS " + expr.Name(c.Position)
	}
	return text
}
