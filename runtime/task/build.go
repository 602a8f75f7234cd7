package task

import (
	"context"
	"fmt"

	"github.com/weirstream/weir/runtime/checkpoint"
	"github.com/weirstream/weir/runtime/exchange"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/state/keyrange"
)

// builder makes the chains of a job, as the owner's manifest left them.
type builder struct {
	m       *master
	options Options
	owner   *checkpoint.Owner
	nodes   map[string][]*node  // by step, then subtask
	chains  map[string][]*chain // by step, then subtask
	objects map[string][]byte   // those that were read
	built   built
}

// built is what a job consists of beside the master.
type built struct {
	chains  []*chain
	sources []*enumeration
}

// build replays the commits of the last checkpoint and makes the chains. It
// runs in the background.
func (m *master) build(ctx context.Context) (*built, error) {
	b := &builder{
		m: m, options: m.options, owner: m.owner,
		nodes: map[string][]*node{}, chains: map[string][]*chain{}, objects: map[string][]byte{},
	}
	sinks, err := b.committers()
	if err != nil {
		return nil, err
	}
	if err := b.owner.Recover(ctx, sinks); err != nil {
		return nil, err
	}
	for _, c := range m.plan.Chains {
		if err := b.chain(c); err != nil {
			b.close()
			return nil, err
		}
	}
	return &b.built, nil
}

func (b *builder) close() {
	for _, c := range b.built.chains {
		c.close() // the error that led here says more
	}
}

func (b *builder) committers() ([]checkpoint.Sink, error) {
	var sinks []checkpoint.Sink
	for _, s := range b.m.graph.Steps {
		if s.Sink == nil {
			continue
		}
		err := guard(s.ID, func() error {
			c, err := s.Sink.NewCommitter(stream.CommitterContext{
				Env: b.options.Env, Job: b.m.graph.Name, Run: b.owner.Run, Sink: s.ID, Generation: b.owner.Generation,
			})
			sinks = append(sinks, checkpoint.Sink{ID: s.ID, Committer: namedCommitter{s.ID, c}})
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("sink %q: %w", s.ID, err)
		}
	}
	return sinks, nil
}

// chain makes the subtasks of a chain and connects them to their producers.
func (b *builder) chain(plan *graph.Chain) error {
	for subtask := range plan.Parallelism {
		c := &chain{host: b.m.host, master: &b.m.mail, owner: b.owner, pool: b.options.Pool}
		b.built.chains = append(b.built.chains, c)
		if len(plan.Inputs) > 0 {
			c.inbox = exchange.NewInbox(b.options.EdgeBytes, func() { c.mail.wake() })
		}
		for _, s := range plan.Steps {
			n, err := b.node(c, s, subtask, plan.Parallelism)
			if err != nil {
				return err
			}
			c.nodes = append(c.nodes, n)
			b.nodes[s.ID] = append(b.nodes[s.ID], n)
			b.chains[s.ID] = append(b.chains[s.ID], c)
			if n != c.nodes[0] {
				b.link(s.Inputs[0], n)
			}
		}
	}
	for _, e := range plan.Inputs {
		b.connect(e, plan)
	}
	if head := plan.Steps[0]; head.Source != nil {
		return b.enumeration(head)
	}
	return nil
}

// link makes n read a node of its own chain.
func (b *builder) link(in graph.Input, n *node) {
	out := &b.nodes[in.Step][n.subtask].outputs[in.Output]
	out.nodes = append(out.nodes, n)
	out.inputs = append(out.inputs, in.ID)
}

// connect makes the channels of an edge.
func (b *builder) connect(e *graph.Edge, to *graph.Chain) {
	producers, consumers := b.chains[e.From.ID], b.chains[to.Steps[0].ID]
	channels := make([][]*exchange.Channel, len(producers))
	for i, c := range consumers {
		from := e.Channels(i)
		opened := c.inbox.Edge(e.Input, e.Alike, len(from), func(k int) { producers[from[k]].mail.wake() })
		for k, p := range from {
			channels[p] = append(channels[p], opened[k])
		}
	}
	for p, producer := range producers {
		s := exchange.NewSender(b.options.Pool, e, channels[p], b.options.BatchRows)
		producer.senders = append(producer.senders, s)
		out := &b.nodes[e.From.ID][p].outputs[e.Output]
		out.senders = append(out.senders, s)
	}
}

// node makes one subtask of a step.
func (b *builder) node(c *chain, s *graph.Step, subtask, parallelism int) (*node, error) {
	n := &node{step: s, subtask: subtask, pending: s.Source == nil}
	n.mark.Store(int64(record.MinTime))
	if err := b.restoreCounters(n, parallelism); err != nil {
		return nil, err
	}
	err := guard(s.ID, func() error { return b.equip(c, n, parallelism) })
	if err != nil {
		return nil, fmt.Errorf("step %q: %w", s.ID, err)
	}
	return n, nil
}

// equip makes the reader, the writer or the operator of a node.
func (b *builder) equip(c *chain, n *node, parallelism int) (err error) {
	s, subtask := n.step, n.subtask
	switch {
	case s.Source != nil:
		var reader stream.Reader
		reader, err = s.Source.Source.NewReader(stream.ReaderContext{
			Env: b.options.Env, Pool: b.options.Pool, Subtask: subtask,
			BatchRows: b.options.BatchRows, Wait: b.options.BufferTimeout,
		})
		if err == nil {
			n.source = newSource(c, n, reader)
			c.source = n.source
		}
	case s.Sink != nil:
		n.writer, err = s.Sink.NewWriter(stream.WriterContext{
			Env: b.options.Env, Job: b.m.graph.Name, Run: b.owner.Run, Sink: s.ID, Subtask: subtask,
			Generation: b.owner.Generation, Schema: b.m.graph.InputSchema(s), Background: b.background(n),
		})
		n.operator = &sinkOperator{writer: n.writer, counters: &n.counters}
	default:
		if n.state, err = b.state(s.ID, keyrange.Of(subtask, parallelism)); err != nil {
			break
		}
		n.operator, err = s.NewOperator(stream.OperatorContext{
			Step: s.ID, Subtask: subtask, Pool: b.options.Pool, State: n.state,
			Budget: b.options.Budget, Counters: &n.counters,
		})
		n.holder, _ = n.operator.(stream.Holder)
		n.controlled, _ = n.operator.(stream.Controlled)
	}
	return err
}

// background lets a node's writer work off the chain. Nobody is told of the
// outcome.
func (b *builder) background(n *node) func(work func()) {
	return func(work func()) {
		b.m.host.Background("write "+n.name(), func(context.Context) func() {
			work()
			return func() {}
		})
	}
}

// enumeration makes the master's side of a source.
func (b *builder) enumeration(s *graph.Step) error {
	var splits []splitMeta
	ended := true
	for _, e := range b.entries(s.ID) {
		m, err := meta(s.ID, e)
		if err != nil {
			return err
		}
		splits = append(splits, m.Splits...)
		ended = ended && e.Finished
	}
	var saved []byte
	if b.owner.Manifest != nil {
		if entry := b.owner.Manifest.Step(s.ID); entry != nil {
			saved = entry.Enumerator
		}
	}
	e, err := newEnumeration(s, b.options, saved, splits)
	if err != nil {
		return err
	}
	e.chains, e.ended = b.chains[s.ID], ended && saved != nil
	b.built.sources = append(b.built.sources, e)
	return nil
}
