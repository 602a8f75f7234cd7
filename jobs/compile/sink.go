package compile

import (
	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/stream"
)

// sink is what a job file says about a sink.
type sink struct {
	connector   *component.SinkType
	config      component.Config
	format      stream.Format
	parallelism int
	valid       bool
}

func (c *compiler) readSink(p *vertex, n *document.Node, spec *component.Spec) {
	before := len(c.problems)
	s := newSection(&c.problems, p.section.name, p.at, n, spec)
	k := &sink{parallelism: s.integer("parallelism")}
	p.section, p.declared = s, k
	if e := s.choice(); e != nil {
		k.connector = c.registry.Sink(e.Key)
		k.config, _ = configure(s, &k.connector.Spec, *e)
		k.format = c.readFormat(s)
	}
	p.inputs, p.misread = readInputs(s)
	k.valid = len(c.problems) == before
}

func (k *sink) offers(stream.Output) (bool, string) { return false, "a sink has no output" }

func (k *sink) build(c *compiler, p *vertex) {
	if len(p.inputs) == 0 {
		return
	}
	in := p.inputs[0].port()
	if !k.valid || in.schema == nil {
		return
	}
	if in.changelog != nil && !k.connector.Changelog {
		p.section.problem(p.at, "", "%s is a changelog, whose rows replace and retract one another, and %s only appends; "+
			"read an output whose rows are final", p.inputs[0].text, k.connector.Spec.Name)
		return
	}
	s, err := k.connector.New(k.config, component.SinkInputs{Step: p.id, Format: k.format, Schema: in.schema})
	if err != nil {
		p.section.failed(k.config.At(""), err)
		return
	}
	c.add(&graph.Step{
		ID:          p.id,
		Inputs:      []graph.Input{{Step: in.step, Output: in.output}},
		Sink:        s,
		Parallelism: k.parallelism,
		Definition:  define(p.section, func(string) stream.Bearing { return stream.Whole }),
		About:       k.about(p.section),
	})
}
