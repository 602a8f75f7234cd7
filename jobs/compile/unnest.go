package compile

import (
	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/jobs/plan"
	"github.com/weirstream/weir/operators/expr"
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

// build returns the node that unnests, which is the whole step if that does nothing
// else; nil after a problem.
func (u *unnest) build(p *vertex, st *step, in []plan.Ref) *plan.Unnest {
	s, schema := p.section, in[0].Schema()
	list, errs := expr.Check(u.List, schema)
	if s.expressionProblems("unnest", u.node, errs); errs != nil || !u.checkNames(s, schema) {
		return nil
	}
	name := plan.Name{Step: p.id}
	if st.where != nil || st.selected != nil || st.grouped != nil || st.onError != stream.Fail {
		name.Part = plan.Unnesting
	}
	node, err := plan.NewUnnest(plan.Unnest{
		Base: plan.Base{Name: name, Inputs: in, Parallelism: st.parallelismOfRows(in)},
		List: list, Element: u.Element, Position: u.Position,
	})
	if err != nil {
		s.problem(u.node.At(), "unnest", "%v", err)
		return nil
	}
	return node
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
