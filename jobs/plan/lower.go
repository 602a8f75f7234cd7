package plan

import (
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/stream"
)

// lowering is a graph that is being made of a plan.
type lowering struct {
	plan  *Plan
	graph *graph.Graph
	at    map[Ref]graph.Input // where in the graph an output of a node is
	reads map[Ref]bool        // which outputs somebody reads
	read  reading             // which of their columns
}

// Lower returns the graph of a plan, whose nodes were checked.
func (p *Plan) Lower() *graph.Graph {
	l := &lowering{plan: p, graph: &graph.Graph{Name: p.Name}, at: map[Ref]graph.Input{}, reads: map[Ref]bool{}}
	for _, n := range p.Nodes {
		n.Common().known = nil // inputs may have been added since
		for _, in := range n.Common().Inputs {
			l.reads[in] = true
		}
	}
	l.read = p.read()
	for _, n := range p.Nodes {
		n.lower(l)
	}
	return l.graph
}

// step adds what all steps of the graph say of themselves. Of outputs it has those
// that the node has.
func (l *lowering) step(n Node, outputs ...stream.Output) *graph.Step {
	b := n.Common()
	s := &graph.Step{
		ID: b.ID(), Of: b.Step, Changelog: n.changelog(), Parallelism: b.Parallelism,
		Definition: n.Definition(), About: n.About(),
	}
	for _, in := range b.Inputs {
		s.Inputs = append(s.Inputs, l.edge(in))
	}
	for _, o := range outputs {
		if schema := n.Schema(o); schema != nil {
			s.Outputs = append(s.Outputs, graph.Output{Name: o, Schema: schema})
			l.at[Ref{n, o}] = graph.Input{Step: s.ID, Output: o}
		}
	}
	l.graph.Steps = append(l.graph.Steps, s)
	return s
}

// last returns the step that was added last.
func (l *lowering) last() *graph.Step { return l.graph.Steps[len(l.graph.Steps)-1] }
