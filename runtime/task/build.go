package task

import (
	"context"
	"fmt"
	"time"

	"github.com/weirstream/weir/runtime/actor"
	"github.com/weirstream/weir/runtime/checkpoint"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/exchange"
	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// Blueprint is what the chains of a job are built from.
type Blueprint struct {
	Graph *graph.Graph
	Plan  *graph.Physical
	// Owner has the manifest that the chains are to stand where it left them, and
	// takes their state objects.
	Owner *checkpoint.Owner

	Host   actor.Host
	Report func(Report) // to the master; any goroutine may call it

	Env           env.Env
	Pool          *record.Pool
	BatchRows     int           // rows of a full batch
	Budget        int           // rows that an operator emits in one call
	BufferTimeout time.Duration // how long rows wait for their batch to fill
	EdgeBytes     int           // bytes that may be under way on an edge
	Tier          *state.Tier   // for rows of state that memory has no room for; nil is none
	// Room says why the disk of checkpoints has no room for so many bytes more, and tells the
	// master so.
	Room func(bytes int64) error
}

// Build makes the chains of a job, in the order of the plan, each with all its
// subtasks. It reads state from the checkpoint store, and so belongs in the
// background. What it has made when it fails it gives back. ctx bounds the reading.
func Build(ctx context.Context, p Blueprint) ([]*Chain, error) {
	b := &builder{
		Blueprint: p, ctx: ctx,
		nodes: map[string][]*node{}, byStep: map[string][]*Chain{},
	}
	for _, c := range p.Plan.Chains {
		if err := b.chain(c); err != nil {
			for _, c := range b.chains {
				c.Close() // the error that led here says more
			}
			return nil, err
		}
	}
	return b.chains, nil
}

// builder is a building under way.
type builder struct {
	Blueprint
	ctx    context.Context // of the building
	chains []*Chain
	nodes  map[string][]*node  // by step, then subtask
	byStep map[string][]*Chain // by step, then subtask
}

// chain makes the subtasks of a chain and connects them to their producers.
func (b *builder) chain(plan *graph.Chain) error {
	for subtask := range plan.Parallelism {
		c := &Chain{host: b.Host, report: b.Report, owner: b.Owner, pool: b.Pool, room: b.Room, job: b.Graph.Name, title: plan.String()}
		c.spent.now = b.Host.Now
		b.chains = append(b.chains, c)
		if len(plan.Inputs) > 0 {
			c.inbox = exchange.NewInbox(b.EdgeBytes, func() { c.mail.Wake() })
			c.inbox.TimeAlignments(b.Host.Now)
		}
		for _, s := range plan.Steps {
			n, err := b.node(c, s, subtask, plan.Parallelism)
			if err != nil {
				return err
			}
			c.nodes = append(c.nodes, n)
			b.nodes[s.ID] = append(b.nodes[s.ID], n)
			b.byStep[s.ID] = append(b.byStep[s.ID], c)
			if n != c.nodes[0] {
				b.link(s.Inputs[0], n)
			}
		}
	}
	for _, e := range plan.Inputs {
		b.connect(e, plan)
	}
	return nil
}

// link makes n read a node of its own chain.
func (b *builder) link(in graph.Input, n *node) {
	out := b.nodes[in.Step][n.subtask].output(in.Output)
	out.nodes = append(out.nodes, n)
	out.inputs = append(out.inputs, in.ID)
}

// connect makes the channels of an edge.
func (b *builder) connect(e *graph.Edge, to *graph.Chain) {
	producers, consumers := b.byStep[e.From.ID], b.byStep[to.Steps[0].ID]
	channels := make([][]*exchange.Channel, len(producers))
	for i, c := range consumers {
		from := e.Channels(i)
		opened := c.inbox.Edge(e.Input, e.Alike, len(from), func(k int) { producers[from[k]].mail.Wake() })
		for k, p := range from {
			channels[p] = append(channels[p], opened[k])
		}
	}
	for p, producer := range producers {
		s := exchange.NewSender(b.Pool, e, channels[p], b.BatchRows)
		producer.senders = append(producer.senders, s)
		out := b.nodes[e.From.ID][p].output(e.Output)
		out.senders = append(out.senders, s)
	}
}

// node makes one subtask of a step.
func (b *builder) node(c *Chain, s *graph.Step, subtask, parallelism int) (*node, error) {
	inputs := len(b.Graph.InputsOf(s))
	n := &node{chain: c, step: s, subtask: subtask, pending: s.Source == nil, outputs: make([]consumers, len(s.Outputs)),
		progress: stream.NewProgress(inputs), inputs: newInputMarks(inputs)}
	n.mark.Store(int64(record.MinTime))
	if err := b.restoreCounters(n, parallelism); err != nil {
		return nil, err
	}
	err := actor.Guard(s.ID, func() error { return b.equip(c, n, parallelism) })
	if err != nil {
		if n.state != nil {
			n.state.Close()
		}
		return nil, failure.InStep(s.ID, fmt.Errorf("step %q: %w", s.ID, err))
	}
	return n, nil
}

// equip makes the reader, the writer or the operator of a node.
func (b *builder) equip(c *Chain, n *node, parallelism int) (err error) {
	s, subtask := n.step, n.subtask
	switch {
	case s.Source != nil:
		var reader stream.Reader
		reader, err = s.Source.Source.NewReader(stream.ReaderContext{
			Env: b.Env, Pool: b.Pool, Subtask: subtask,
			BatchRows: b.BatchRows, Wait: b.BufferTimeout, Read: s.Source.Read, Filter: s.Source.Conditions(),
		})
		if err == nil {
			n.source = newSource(c, n, reader)
			c.source = n.source
		}
	case s.Sink != nil:
		n.sink = newSinkOperator(n, b.Host.Now)
		n.operator = n.sink
		in := b.Graph.InputsOf(s)[0]
		n.writer, err = s.Sink.NewWriter(stream.WriterContext{
			Env: b.Env, Job: b.Graph.Name, Run: b.Owner.Run, Sink: s.ID, Subtask: subtask, Parallelism: parallelism,
			Generation: b.Owner.Generation, Schema: in.Schema, Changelog: in.Changelog, Background: b.background("write " + n.name()),
			Wake: n.sink.wake, Reject: n.sink.reject,
		})
		n.sink.serve(n.writer)
	default:
		if n.state, err = b.state(s.ID, keyrange.Of(subtask, parallelism)); err != nil {
			break
		}
		n.operator, err = s.NewOperator(stream.OperatorContext{
			Step: s.InJob(), Subtask: subtask, Parallelism: parallelism, Inputs: b.Graph.InputsOf(s), Progress: n.progress,
			Now: b.Host.Now, Pool: b.Pool, State: n.state, Budget: b.Budget, Counters: &n.counters, Rejects: &n.rejects,
		})
		n.holder, _ = n.operator.(stream.Holder)
		n.interleaver, _ = n.operator.(stream.Interleaver)
		n.controlled, _ = n.operator.(stream.Controlled)
		n.clocked, _ = n.operator.(stream.Clocked)
	}
	return err
}

// background lets a node's writer, or the state of a step, work off the chain. Nobody is told
// of the outcome.
func (b *builder) background(name string) func(work func()) {
	return func(work func()) {
		b.Host.Background(name, func(context.Context) func() {
			work()
			return func() {}
		})
	}
}
