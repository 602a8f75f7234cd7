package compile

import (
	"slices"

	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/jobs/plan"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Show is [Compile] of the part of a job that makes one output, named as an
// input names it. The sink that newSink returns for rows of the output's schema
// reads it. The rest of the job, its sinks in any case, need not make sense.
func Show(d *document.Document, r *component.Registry, output string, newSink func(*record.Schema) stream.Sink) (*Job, component.Problems) {
	return compile(d, &compiler{registry: r, show: &show{output, newSink}})
}

// show is the sink of a job of which one output is shown.
type show struct {
	output  string
	newSink func(*record.Schema) stream.Sink
}

// showID is no identifier, so that no part of the job has it.
const showID = "--show"

// addShow adds the sink, in the place of those of the job.
func (c *compiler) addShow(s section) {
	at := component.Position{File: showID}
	p := &vertex{role: sinkRole, id: showID, at: at, section: section{problems: &c.problems, at: at}, declared: c.show}
	p.inputs = []*reference{{at: at, text: c.show.output}}
	for _, e := range sinksOf(s) {
		if e.Key == c.show.output {
			c.problem(at, "%q is a sink; show the source or step that it reads", e.Key)
			p.inputs, p.misread = nil, true
		}
	}
	c.vertices = append(c.vertices, p)
}

// resolveShown connects the vertices that the output is made by, and forgets the
// others with all that is wrong with them.
func (c *compiler) resolveShown() {
	reached := map[*vertex]bool{}
	var reach func(p *vertex)
	reach = func(p *vertex) {
		if p == nil || reached[p] {
			return
		}
		reached[p] = true
		c.connectAll(p)
		for _, r := range p.inputs {
			reach(r.from)
		}
	}
	reach(c.vertices[len(c.vertices)-1])
	var problems component.Problems
	for i, problem := range c.problems {
		if !slices.ContainsFunc(c.vertices, func(p *vertex) bool { return !reached[p] && p.faults.from <= i && i < p.faults.to }) {
			problems = append(problems, problem)
		}
	}
	c.problems = problems
	c.vertices = slices.DeleteFunc(c.vertices, func(p *vertex) bool { return !reached[p] })
	c.findCycles()
}

func (sh *show) offers(stream.Output) (bool, string) { return false, "a sink has no output" }

func (sh *show) build(c *compiler, p *vertex) {
	if in, ok := p.input(); ok {
		c.add(p, &plan.Sink{
			Base: plan.Base{Name: plan.Name{Step: p.id}, Inputs: in}, TakesChangelogs: true, Writer: sh.newSink(in[0].Schema()),
		})
	}
}

func sinksOf(s section) []document.Entry {
	if n := s.node.Get("sinks"); n != nil {
		return n.Entries
	}
	return nil
}
