package task

import (
	"fmt"
	"sync/atomic"

	"github.com/weirstream/weir/runtime/checkpoint"
	"github.com/weirstream/weir/runtime/exchange"
	"github.com/weirstream/weir/runtime/fifo"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/state"
)

// node is one subtask of one step, as part of a chain.
//
// Elements wait in its queue until the operator takes them. Emitting only fills
// the queues of the consumers, so that operators never call each other and a
// chain is worked off from its end.
type node struct {
	chain   *Chain
	step    *graph.Step
	subtask int

	source      *source            // of a source
	operator    stream.Operator    // of all others
	holder      stream.Holder      // the operator, if it is one
	interleaver stream.Interleaver // likewise
	controlled  stream.Controlled  // likewise
	clocked     stream.Clocked     // likewise
	writer      stream.Writer      // of a sink
	sink        *sinkOperator      // likewise, its operator
	state       *state.Backend     // of an operator that is no sink
	progress    *stream.Progress

	queue    fifo.Queue[exchange.Received]
	controls fifo.Queue[stream.Control]
	pending  bool // the operator may have output left
	// overtaking is a barrier that passes before what is in the queue.
	overtaking *stream.Barrier
	ended      bool        // End has been emitted
	outputs    []consumers // in the order of the step's

	objects []checkpoint.ObjectRef // the state in the last decided checkpoint
	shares  []*share               // of the checkpoints since

	counters stream.Counters
	restored stream.CounterValues // of counters: what a checkpoint brought along
	rejects  stream.Rejects
	mark     atomic.Int64 // the last watermark emitted
	inputs   *inputMarks
	bytes    atomic.Int64 // of the rows that a source or a sink has taken in
}

// consumers is who reads one output of a node.
type consumers struct {
	nodes   []*node
	inputs  []stream.InputID // of the nodes
	senders []*exchange.Sender
}

func (n *node) name() string { return fmt.Sprintf("%s/%d", n.step.ID, n.subtask) }

// isHolding reports whether the operator has rows that are in no state, which a
// barrier must not pass.
func (n *node) isHolding() bool {
	return n.holder != nil && n.holder.HoldsRows() || n.sink != nil && n.sink.holds()
}

// takes reports whether what is first in the queue may come to the node's writer: it has room
// for rows, and holds none where a barrier comes.
func (n *node) takes() bool {
	if n.sink == nil || n.queue.Len() == 0 {
		return true
	}
	if n.barrierIsNext() {
		return !n.sink.holds()
	}
	return n.sink.takes()
}

// barrierIsNext reports whether a barrier is first in the queue.
func (n *node) barrierIsNext() bool {
	return n.queue.Len() > 0 && n.queue.Peek().Element.Kind == stream.KindBarrier
}

// holdsRows reports whether the last element in the queue is one that a barrier
// may not overtake: a batch, or a barrier.
func (n *node) holdsRows() bool {
	if n.queue.Len() == 0 {
		return false
	}
	kind := n.queue.Last().Element.Kind
	return kind == stream.KindBatch || kind == stream.KindBarrier
}

// interleaves reports whether the operator, whose output is pending, is to take in
// more all the same, because a barrier waits behind it.
func (n *node) interleaves() bool {
	if n.interleaver == nil || !n.interleaver.Interleaves() {
		return false
	}
	return n.chain.barrierWaits() || n.queue.Len() > 0 && n.queue.Last().Element.Kind == stream.KindBarrier
}

// takesNow reports whether the first element in the queue is one that the operator can
// take in although its output is pending.
func (n *node) takesNow() bool {
	if n.queue.Len() == 0 {
		return false
	}
	kind := n.queue.Peek().Element.Kind
	return (kind == stream.KindBatch || kind == stream.KindWatermark) && n.interleaves()
}

// take has the operator take in an element. If that wakes the step, its consumers
// hear of it before anything else.
func (n *node) take(r exchange.Received) error {
	if r.Element.Kind != stream.KindBatch {
		if n.progress.Take(r.Input, r.Element) {
			n.Emit(stream.Main, stream.WatermarkOf(n.progress.Told()))
		}
		n.inputs.show(n.progress, r.Input)
	}
	return n.operator.Step(r.Input, r.Element, n)
}

// Full implements stream.Emitter: some consumer has not kept up.
func (n *node) Full() bool {
	for i := range n.outputs {
		out := &n.outputs[i]
		for _, c := range out.nodes {
			if c.queue.Len() > 0 || c.pending && !c.interleaves() {
				return true
			}
		}
		for _, s := range out.senders {
			if s.Full() {
				return true
			}
		}
	}
	return false
}

// Emit implements stream.Emitter.
func (n *node) Emit(output stream.Output, e stream.Element) {
	if e.Kind == stream.KindBatch {
		if e.Batch.Len() == 0 {
			e.Release()
			return
		}
		n.output(output).send(e)
		return
	}
	if !n.progress.Tell(e) {
		return
	}
	switch e.Kind {
	case stream.KindWatermark:
		n.mark.Store(int64(e.Time))
	case stream.KindEnd:
		n.mark.Store(int64(record.MaxTime))
		n.ended = true
	}
	for i := range n.outputs {
		n.outputs[i].send(e)
	}
}

// output returns who reads an output.
func (n *node) output(name stream.Output) *consumers {
	for i, o := range n.step.Outputs {
		if o.Name == name {
			return &n.outputs[i]
		}
	}
	panic(fmt.Sprintf("step %q emits on an output %q, which it does not declare", n.step.ID, name))
}

// send gives the element to each consumer, and the last of them the reference.
func (c *consumers) send(e stream.Element) {
	left := len(c.nodes) + len(c.senders)
	if left == 0 {
		e.Release()
		return
	}
	share := func() stream.Element {
		if left--; left > 0 && e.Batch != nil {
			e.Batch.Retain()
		}
		return e
	}
	for i, to := range c.nodes {
		to.queue.Push(exchange.Received{Input: c.inputs[i], Element: share()})
	}
	for _, s := range c.senders {
		s.Send(share())
	}
}

// close releases what the node still holds.
func (n *node) close() error {
	for n.queue.Len() > 0 {
		n.queue.Pop().Element.Release()
	}
	if n.operator != nil {
		n.operator.Close()
	}
	if n.writer != nil {
		return n.writer.Close()
	}
	return nil
}
