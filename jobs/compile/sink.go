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
	onError     stream.OnError
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
		k.format = c.readFormat(s, true, k.connector.Messages)
		k.onError = readSinkOnError(s, k.connector)
	}
	p.inputs, p.misread = readInputs(s)
	k.valid = len(c.problems) == before
}

// readSinkOnError returns what becomes of rows that the destination refuses, if it may.
func readSinkOnError(s section, t *component.SinkType) stream.OnError {
	switch {
	case t.Refuses:
		return stream.OnError(s.option("on_error"))
	case s.spec.Field("on_error") != nil && s.value("on_error") != nil:
		s.problem(s.keyAt("on_error"), "on_error", "%s refuses no row; remove it", t.Spec.Name)
	}
	return stream.Fail
}

func (k *sink) offers(o stream.Output) (bool, string) {
	switch {
	case o != stream.DeadLetter:
		return false, "a sink has no output but the dead letters of its destination"
	case k.onError != stream.ToDeadLetter:
		return false, "it makes no dead letters; where the destination may refuse rows, write on_error: dead_letter there"
	}
	return true, ""
}

func (k *sink) build(c *compiler, p *vertex) {
	in, ok := p.input()
	if !ok || !k.valid {
		return
	}
	node := &plan.Sink{
		Base:            plan.Base{Name: plan.Name{Step: p.id}, Inputs: in, Parallelism: k.parallelism},
		Connector:       k.about(p.section),
		TakesChangelogs: k.connector.Changelog,
		OnError:         k.onError,
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
