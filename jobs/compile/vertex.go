package compile

import (
	"github.com/weirstream/weir/jobs/plan"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/stream"
)

// vertex is a source, a step or a sink of the job file.
type vertex struct {
	role    role
	id      string
	at      component.Position // of its id
	section section
	inputs  []*reference
	misread bool                   // some of what should be in inputs is not
	node    plan.Node              // made by the last pass; nil where it could not be
	reads   map[stream.Output]bool // which of its outputs somebody reads
	faults  span                   // the problems of the first pass that are its own
	declared
}

// span is from ≤ i < to.
type span struct{ from, to int }

// role tells vertices apart, by the word that messages use.
type role string

const (
	sourceRole role = "source"
	stepRole   role = "step"
	sinkRole   role = "sink"
)

// declared is what the first pass has read of a vertex.
type declared interface {
	// offers reports whether the vertex has an output, and if not why.
	offers(stream.Output) (ok bool, why string)
	// build adds the vertex to the graph. It is called when all that the vertex
	// reads has been built; the inputs' schemas are known.
	build(*compiler, *vertex)
}

// reference is "hourly" or "hourly.late" where a vertex says what it reads.
type reference struct {
	at     component.Position
	text   string
	from   *vertex // nil until it is resolved, and where it names nothing
	output stream.Output
}

// ref returns what the reference reads; its schema is nil where that is not known.
func (r *reference) ref() plan.Ref {
	if r.from == nil {
		return plan.Ref{}
	}
	return plan.Ref{Node: r.from.node, Output: r.output}
}

// check reports what the plan's rules find wrong with a node of p, of which step is
// what the job file says, if it is a step.
func (p *vertex) check(n plan.Node, st *step) (ok bool) {
	problems := plan.Check(n)
	for _, one := range problems {
		p.problem(one, st)
	}
	return len(problems) == 0
}

// problem reports a problem of a node at the place that it is about.
func (p *vertex) problem(one plan.Problem, st *step) {
	s, at, key := p.section, p.at, string(one.At.Piece)
	switch one.At.Piece {
	case plan.TheUnion:
		at = p.inputs[one.At.Index].at
	case plan.TheItem:
		at, key = st.selected[one.At.Index].node.At(), "select"
	case plan.TheWhere:
		at = st.where.node.At()
	case plan.TheSelect, plan.TheOnError, plan.TheWindow:
		at = s.keyAt(key)
	}
	s.problem(at, key, "%s", one.Message)
}
