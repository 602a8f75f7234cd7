package compile

import (
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
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
	outputs map[stream.Output]port // what it offers; filled in by the last pass
	reads   map[stream.Output]bool // which of them somebody reads
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

// port returns what the reference reads; its schema is nil where that is not known.
func (r *reference) port() port {
	if r.from == nil {
		return port{}
	}
	return r.from.outputs[r.output]
}

// port is an output of a step of the graph.
type port struct {
	step   string
	output stream.Output
	// schema is nil where the output does not exist or, because of a problem
	// that has been reported, is not known.
	schema *record.Schema
	// timed says that rows have an event time, so that windows can follow.
	timed       bool
	parallelism int // of the step; 0 is the job's
	changelog   *stream.Changelog
}

// portOf returns an output of a step of the graph.
func portOf(s *graph.Step, o stream.Output, timed bool) port {
	p := port{step: s.ID, output: o, schema: s.Schema(o), timed: timed, parallelism: s.Parallelism}
	if o == stream.Main {
		p.changelog = s.Changelog
	}
	return p
}

// offer makes the outputs of a step of the graph those of the vertex.
func (p *vertex) offer(s *graph.Step, timed bool) {
	for _, o := range s.Outputs {
		p.outputs[o.Name] = portOf(s, o.Name, timed && o.Name != stream.DeadLetter)
	}
}
