package exchange

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

var schema = record.MustSchema(record.Field{Name: "key", Type: record.Int64}, record.Field{Name: "at", Type: record.Timestamp})

// batch returns rows of which row i has key keys[i] and event time times[i].
func batch(pool *record.Pool, keys, times []int64) *record.Batch {
	b := pool.NewBatch(schema, len(keys))
	k, at := pool.NewColumn(record.Int64, len(keys)), pool.NewColumn(record.Timestamp, len(keys))
	for i := range keys {
		k.AppendInt64(keys[i])
		at.AppendInt64(times[i])
	}
	b.Columns = append(b.Columns, k, at)
	b.EventTime = at.Retain()
	return b
}

// TestEdgeKeepsRowsAndTheirWatermarks sends random rows, watermarks and
// barriers over an edge from several producers to several consumers and checks
// that no row is lost, doubled or sent to a subtask that does not own its key,
// that no watermark overtakes a row, that barriers are aligned, and that all
// memory comes back.
func TestEdgeKeepsRowsAndTheirWatermarks(t *testing.T) {
	trial.Run(t, 300, func(c *trial.Case) {
		r := newEdgeRun(c)
		c.Describe(r.String)
		if err := r.run(); err != nil {
			c.Fatal(err)
		}
	})
}

type producer struct {
	sender  *Sender
	clock   int64 // event time only rises
	barrier stream.CheckpointID
	ended   bool
}

type consumer struct {
	inbox   *Inbox
	mark    record.Time
	barrier stream.CheckpointID
	ended   bool
	rows    []string
}

// edgeRun is an edge with what is sent over it.
type edgeRun struct {
	random    *rand.Rand
	pool      *record.Pool
	edge      *graph.Edge
	producers []*producer
	consumers []*consumer
	sent      []string
	steps     int
}

// More than any run takes: steps of producers, and elements of a consumer.
const (
	mostSteps    = 100_000
	mostElements = 1_000_000
)

// lastBarrier is the one that all producers send in the end.
const lastBarrier = 1000

func newEdgeRun(c *trial.Case) *edgeRun {
	r := &edgeRun{random: c.Random, pool: record.NewCheckedPool()}
	r.edge = &graph.Edge{Kind: graph.Hash, Key: []int{0}, FromSubs: 1 + r.random.IntN(3)}
	if r.random.IntN(3) == 0 {
		r.edge.Kind = graph.Rebalance
	}
	r.consumers = make([]*consumer, 1+r.random.IntN(3))
	for i := range r.consumers {
		r.consumers[i] = &consumer{inbox: NewInbox(500, func() {}), mark: record.MinTime}
	}
	r.producers = make([]*producer, r.edge.FromSubs)
	for i := range r.producers {
		var channels []*Channel
		for _, c := range r.consumers {
			channels = append(channels, c.inbox.Edge(0, false, 1, func(int) {})...)
		}
		r.producers[i] = &producer{sender: NewSender(r.pool, r.edge, channels, 1+r.random.IntN(8))}
	}
	return r
}

func (r *edgeRun) String() string {
	text := fmt.Sprintf("after %d steps of producers, %d rows sent", r.steps, len(r.sent))
	for i, p := range r.producers {
		text += fmt.Sprintf("\nproducer %d: ended %v, barrier %d, full %v", i, p.ended, p.barrier, p.sender.Full())
	}
	for i, c := range r.consumers {
		text += fmt.Sprintf("\nconsumer %d: ended %v, barrier %d, %d rows", i, c.ended, c.barrier, len(c.rows))
	}
	return text
}

// run sends until all producers have ended, then the last barriers, and compares
// what has come.
func (r *edgeRun) run() error {
	for open := len(r.producers); open > 0; {
		if r.steps++; r.steps > mostSteps {
			return errors.New("the producers do not come to their end")
		}
		if p := r.producers[r.random.IntN(len(r.producers))]; r.send(p) {
			open--
		}
		for range r.random.IntN(6) {
			if err := r.consumers[r.random.IntN(len(r.consumers))].receive(); err != nil {
				return err
			}
		}
	}
	for _, p := range r.producers {
		for ; p.barrier < lastBarrier; p.barrier++ {
			p.sender.Send(stream.BarrierOf(stream.Barrier{ID: p.barrier + 1}))
		}
	}
	return r.compare()
}

// send has a producer send something. It reports whether that was its end.
func (r *edgeRun) send(p *producer) (ends bool) {
	mayPass := p.barrier <= least(r.producers)
	switch {
	case p.ended: // barriers follow the end, too
		if mayPass {
			p.pass()
		}
	case p.sender.Full():
	case r.random.IntN(20) == 0:
		p.ended = true
		p.sender.Send(stream.End)
		return true
	case r.random.IntN(4) == 0:
		p.sender.Send(stream.WatermarkOf(record.Time(p.clock)))
	case r.random.IntN(8) == 0 && mayPass:
		p.pass()
	default:
		p.sender.Send(stream.BatchOf(r.rows(p)))
	}
	return false
}

// pass sends the next barrier.
func (p *producer) pass() {
	p.barrier++
	p.sender.Send(stream.BarrierOf(stream.Barrier{ID: p.barrier}))
}

// rows draws a batch and remembers its rows as sent.
func (r *edgeRun) rows(p *producer) *record.Batch {
	var keys, times []int64
	for range 1 + r.random.IntN(10) {
		p.clock += r.random.Int64N(3)
		keys, times = append(keys, r.random.Int64N(20)), append(times, p.clock)
		r.sent = append(r.sent, fmt.Sprintf("%d@%d epoch %d", keys[len(keys)-1], p.clock, p.barrier))
	}
	return batch(r.pool, keys, times)
}

// compare lets the consumers come to their end.
func (r *edgeRun) compare() error {
	owner := map[string]int{}
	var received []string
	for i, c := range r.consumers {
		if err := c.drain(); err != nil {
			return fmt.Errorf("consumer %d: %w", i, err)
		}
		for _, row := range c.rows {
			key, _, _ := strings.Cut(row, "@")
			if was, ok := owner[key]; ok && was != i && r.edge.Kind == graph.Hash {
				return fmt.Errorf("key %s went to subtasks %d and %d", key, was, i)
			}
			owner[key] = i
		}
		received = append(received, c.rows...)
	}
	slices.Sort(r.sent)
	slices.Sort(received)
	if !slices.Equal(r.sent, received) {
		return fmt.Errorf("sent %v\nreceived %v", r.sent, received)
	}
	return r.pool.Check()
}

func (c *consumer) drain() error {
	for range mostElements {
		if c.ended && c.barrier == lastBarrier {
			return nil
		}
		if err := c.receive(); err != nil {
			return err
		}
	}
	return errors.New("does not come to its end")
}

func least(producers []*producer) stream.CheckpointID {
	low := producers[0].barrier
	for _, p := range producers {
		low = min(low, p.barrier)
	}
	return low
}

func (c *consumer) receive() error {
	r, ok := c.inbox.Next()
	if !ok {
		return nil
	}
	switch e := r.Element; e.Kind {
	case stream.KindWatermark:
		if e.Time <= c.mark {
			return fmt.Errorf("watermark %d after %d", e.Time, c.mark)
		}
		c.mark = e.Time
	case stream.KindBarrier:
		if e.Barrier.ID != c.barrier+1 {
			return fmt.Errorf("barrier %d after %d", e.Barrier.ID, c.barrier)
		}
		c.barrier = e.Barrier.ID
	case stream.KindEnd:
		if c.mark != record.MaxTime {
			return fmt.Errorf("end at watermark %v", c.mark)
		}
		c.ended = true
	case stream.KindBatch:
		for i := range e.Batch.Len() {
			key, at := e.Batch.Columns[0].Int64s()[i], e.Batch.EventTime.Int64s()[i]
			if record.Time(at) < c.mark {
				return fmt.Errorf("row at %d came behind watermark %d", at, c.mark)
			}
			// The barriers seen so far are the epoch in which the row was sent.
			c.rows = append(c.rows, fmt.Sprintf("%d@%d epoch %d", key, at, c.barrier))
		}
		e.Release()
	}
	return nil
}

func TestFullChannelIsCreditedWhenTaken(t *testing.T) {
	pool := record.NewCheckedPool()
	credited := 0
	in := NewInbox(1, func() {})
	c := in.Edge(0, false, 1, func(int) { credited++ })[0]
	for range 3 {
		c.Send(stream.BatchOf(batch(pool, []int64{1}, []int64{1})))
	}
	for i := range 3 {
		if !c.Full() {
			t.Fatal("a channel over its limit is not full")
		}
		r, _ := in.Next()
		r.Element.Release()
		if want := i / 2; credited != want {
			t.Fatalf("credited %d times after %d batches, want %d", credited, i+1, want)
		}
	}
	if c.Full() {
		t.Fatal("an empty channel is full")
	}
	if err := pool.Check(); err != nil {
		t.Fatal(err)
	}
}

func TestIdleInputDoesNotHoldBack(t *testing.T) {
	in := NewInbox(1<<20, func() {})
	ab := in.Edge(0, false, 2, func(int) {})
	a, b := ab[0], ab[1]
	a.Send(stream.WatermarkOf(5))
	b.Send(stream.Idle)
	a.Send(stream.Idle)
	b.Send(stream.WatermarkOf(9))
	var got []string
	for r, ok := in.Next(); ok; r, ok = in.Next() {
		got = append(got, r.Element.String())
	}
	want := fmt.Sprint([]stream.Element{stream.WatermarkOf(5), stream.Idle, stream.WatermarkOf(9)})
	if fmt.Sprint(got) != want {
		t.Fatalf("got %v, want %v", got, want)
	}
}
