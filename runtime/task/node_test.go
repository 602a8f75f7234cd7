package task

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/exchange"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// silent is an operator that passes on Idle and End, and keeps watermarks to itself.
type silent struct{ stream.Operator }

func (silent) Step(_ stream.InputID, e stream.Element, out stream.Emitter) error {
	if e.Kind != stream.KindWatermark {
		out.Emit(stream.Main, e)
	}
	return nil
}

// eager is an operator that passes everything on, as often as it comes.
type eager struct{ stream.Operator }

func (eager) Step(_ stream.InputID, e stream.Element, out stream.Emitter) error {
	out.Emit(stream.Main, e)
	out.Emit(stream.Main, e)
	return nil
}

// hear has an operator of two inputs take in elements, and returns what its consumer
// hears.
func hear(t *testing.T, op stream.Operator, elements ...exchange.Received) string {
	t.Helper()
	consumer := &node{}
	n := &node{
		step: &graph.Step{ID: "step", Outputs: []graph.Output{{Name: stream.Main}}}, operator: op, progress: stream.NewProgress(2), inputs: newInputMarks(2),
		outputs: []consumers{{nodes: []*node{consumer}, inputs: []stream.InputID{0}}},
	}
	n.mark.Store(int64(record.MinTime))
	for _, e := range elements {
		if err := n.take(e); err != nil {
			t.Fatal(err)
		}
	}
	var heard []string
	for consumer.queue.Len() > 0 {
		heard = append(heard, consumer.queue.Pop().Element.String())
	}
	return strings.Join(heard, ", ")
}

// A step whose inputs all were idle says at once that one of them is active again, even
// if its operator has nothing to say; nothing is said twice.
func TestWaking(t *testing.T) {
	for _, c := range []struct {
		name     string
		operator stream.Operator
		want     string
	}{
		{"silent", silent{}, "idle, watermark(min), idle, watermark(min), end"},
		{"eager", eager{}, "idle, watermark(min), watermark(1970-01-01T00:00:00.000007Z), idle, " +
			"watermark(1970-01-01T00:00:00.000007Z), watermark(1970-01-01T00:00:00.000008Z), end"},
	} {
		got := hear(t, c.operator,
			exchange.Received{Input: 0, Element: stream.Idle}, exchange.Received{Input: 1, Element: stream.Idle},
			exchange.Received{Input: 1, Element: stream.WatermarkOf(7)}, exchange.Received{Input: 1, Element: stream.Idle},
			exchange.Received{Input: 0, Element: stream.WatermarkOf(8)}, exchange.Received{Input: 0, Element: stream.End})
		if got != c.want {
			t.Errorf("%s: the consumer hears\n%s, not\n%s", c.name, got, c.want)
		}
	}
}

// clocked notes what it is called for. It has so many results to emit, and takes in more
// meanwhile.
type clocked struct {
	stream.Operator
	at     time.Time
	left   int
	called []string
}

func (c *clocked) Deadline() time.Time { return c.at }
func (c *clocked) Interleaves() bool   { return true }

func (c *clocked) Control(stream.Control, stream.Emitter) error {
	c.called = append(c.called, "control")
	return nil
}

func (c *clocked) Resume(stream.Emitter) (pending bool, err error) {
	c.called = append(c.called, "resume")
	c.left--
	return c.left > 0, nil
}

func newClocked(c *Chain, at time.Time, left int) (*node, *clocked) {
	op := &clocked{at: at, left: left}
	n := &node{chain: c, step: &graph.Step{ID: "step"}, operator: op, controlled: op, clocked: op, interleaver: op, pending: left > 0,
		progress: stream.NewProgress(1)}
	c.nodes = append(c.nodes, n)
	return n, op
}

// A chain wakes at the first of the times that its operators wait for, whichever waits.
func TestFirstDeadline(t *testing.T) {
	at := func(second int64) time.Time { return time.Unix(second, 0) }
	for _, times := range [][]int64{{5, 3}, {3, 5}, {3}} {
		var chain Chain
		for _, second := range times {
			newClocked(&chain, at(second), 0)
		}
		newClocked(&chain, at(1), 1) // has output left
		newClocked(&chain, time.Time{}, 0)
		if got := chain.Deadline(); !got.Equal(at(3)) {
			t.Errorf("of %v it is %v", times, got.Unix())
		}
	}
}

// A control waits until the operator has emitted all that was pending.
func TestControlWaitsForPendingOutput(t *testing.T) {
	var chain Chain
	n, op := newClocked(&chain, time.Time{}, 2)
	n.controls.Push(stream.Control{Kind: stream.CheckpointCompleted})
	for range 10 {
		if worked, err := chain.work(n); err != nil {
			t.Fatal(err)
		} else if !worked {
			break
		}
	}
	if want := []string{"resume", "resume", "control", "resume"}; !slices.Equal(op.called, want) {
		t.Errorf("%v, want %v", op.called, want)
	}
}

// Whoever feeds an operator that has output pending waits, unless a barrier is to pass,
// for which the operator takes in rows.
func TestRowsPassToAnInterleaverForABarrier(t *testing.T) {
	chain := Chain{inbox: exchange.NewInbox(1000, func() {})}
	from := chain.inbox.Edge(0, false, 1, func(int) {})[0]
	consumer, _ := newClocked(&chain, time.Time{}, 2)
	n := &node{chain: &chain, outputs: []consumers{{nodes: []*node{consumer}, inputs: []stream.InputID{0}}}}
	if !n.Full() {
		t.Error("rows come to an operator that has not kept up, for nothing")
	}
	from.Send(stream.BarrierOf(stream.Barrier{ID: 1}))
	if n.Full() {
		t.Error("a barrier waits for what is pending")
	}
	consumer.queue.Push(exchange.Received{Element: stream.WatermarkOf(1)})
	if !n.Full() {
		t.Error("more than one element waits in the queue")
	}
}
