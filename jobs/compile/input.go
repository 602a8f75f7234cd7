package compile

import (
	"fmt"

	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// input is what reaches a step, all of its inputs together.
type input struct {
	ports  []port
	schema *record.Schema
	timed  bool
	// changelog is declared where one of the inputs is a changelog.
	changelog *stream.Changelog
}

// input returns what p reads; false where that is not known or does not fit
// together.
func (p *vertex) input() (input, bool) {
	var in input
	for _, r := range p.inputs {
		port := r.port()
		if port.schema == nil {
			return in, false
		}
		if in.schema == nil {
			in.schema, in.timed = port.schema, port.timed
		}
		if difference := differ(in.schema, port.schema); difference != "" {
			p.section.problem(r.at, "union", "%s does not fit %s: %s", r.text, p.inputs[0].text, difference)
			return in, false
		}
		in.timed = in.timed && port.timed
		if port.changelog != nil {
			in.changelog = port.changelog
		}
		in.ports = append(in.ports, port)
	}
	return in, in.schema != nil
}

// edges returns the inputs of a step of the graph that reads all this, row by
// row where it is.
func (in input) edges() []graph.Input {
	edges := make([]graph.Input, len(in.ports))
	for i, p := range in.ports {
		edges[i] = graph.Input{Step: p.step, Output: p.output}
	}
	return edges
}

// parallelism is that of the step of the graph which the first input is; a step
// of the same parallelism can take its rows where they are.
func (in input) parallelism() int { return in.ports[0].parallelism }

// differ says how two schemas differ, "" if they do not.
func differ(a, b *record.Schema) string {
	for i := range max(a.Len(), b.Len()) {
		switch {
		case i >= b.Len():
			return fmt.Sprintf("it lacks the column %q", a.Field(i).Name)
		case i >= a.Len():
			return fmt.Sprintf("it also has the column %q", b.Field(i).Name)
		case a.Field(i) != b.Field(i):
			return fmt.Sprintf("column %d is %s %v there and %s %v here; select the same columns in both",
				i+1, a.Field(i).Name, a.Field(i).Type, b.Field(i).Name, b.Field(i).Type)
		}
	}
	return ""
}
