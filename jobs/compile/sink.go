package compile

import (
	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/jobs/plan"
	"github.com/weirstream/weir/runtime/component"
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
		k.format = c.readFormat(s, true)
	}
	p.inputs, p.misread = readInputs(s)
	k.valid = len(c.problems) == before
}

func (k *sink) offers(stream.Output) (bool, string) { return false, "a sink has no output" }

func (k *sink) build(c *compiler, p *vertex) {
	in, ok := p.input()
	if !ok || !k.valid {
		return
	}
	node := &plan.Sink{
		Base:            plan.Base{Name: plan.Name{Step: p.id}, Inputs: in, Parallelism: k.parallelism},
		Connector:       k.about(p.section),
		TakesChangelogs: k.connector.Changelog,
	}
	if !p.check(node, nil) {
		return
	}
	s, err := k.connector.New(k.config, component.SinkInputs{Step: p.id, Format: k.format, Schema: in[0].Schema()})
	if err != nil {
		p.section.failed(k.config.At(""), err)
		return
	}
	node.Writer = s
	c.add(p, node)
}
