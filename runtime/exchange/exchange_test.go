package exchange

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
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
	for seed := range uint64(300) {
		if err := runEdge(rand.New(rand.NewPCG(seed, 7))); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
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

func runEdge(random *rand.Rand) error {
	pool := record.NewCheckedPool()
	edge := &graph.Edge{Kind: graph.Hash, Key: []int{0}, FromSubs: 1 + random.IntN(3)}
	if random.IntN(3) == 0 {
		edge.Kind = graph.Rebalance
	}
	consumers := make([]*consumer, 1+random.IntN(3))
	for i := range consumers {
		consumers[i] = &consumer{inbox: NewInbox(500, func() {}), mark: record.MinTime}
	}
	producers := make([]*producer, edge.FromSubs)
	for i := range producers {
		var channels []*Channel
		for _, c := range consumers {
			channels = append(channels, c.inbox.Edge(0, false, 1, func(int) {})...)
		}
		producers[i] = &producer{sender: NewSender(pool, edge, channels, 1+random.IntN(8))}
	}
	var sent []string
	for open := len(producers); open > 0; {
		p := producers[random.IntN(len(producers))]
		switch {
		case p.ended: // barriers follow the end, too
			if p.barrier <= least(producers) {
				p.barrier++
				p.sender.Send(stream.BarrierOf(stream.Barrier{ID: p.barrier}))
			}
		case p.sender.Full():
		case random.IntN(20) == 0:
			p.ended = true
			open--
			p.sender.Send(stream.End)
		case random.IntN(4) == 0:
			p.sender.Send(stream.WatermarkOf(record.Time(p.clock)))
		case random.IntN(8) == 0 && p.barrier <= least(producers):
			p.barrier++
			p.sender.Send(stream.BarrierOf(stream.Barrier{ID: p.barrier}))
		default:
			var keys, times []int64
			for range 1 + random.IntN(10) {
				p.clock += random.Int64N(3)
				keys, times = append(keys, random.Int64N(20)), append(times, p.clock)
				sent = append(sent, fmt.Sprintf("%d@%d epoch %d", keys[len(keys)-1], p.clock, p.barrier))
			}
			p.sender.Send(stream.BatchOf(batch(pool, keys, times)))
		}
		for range random.IntN(6) {
			if err := consumers[random.IntN(len(consumers))].receive(); err != nil {
				return err
			}
		}
	}
	for _, p := range producers {
		for ; p.barrier < 1000; p.barrier++ {
			p.sender.Send(stream.BarrierOf(stream.Barrier{ID: p.barrier + 1}))
		}
	}
	owner := map[string]int{}
	var received []string
	for i, c := range consumers {
		for !c.ended || c.barrier < 1000 {
			if err := c.receive(); err != nil {
				return err
			}
		}
		for _, row := range c.rows {
			key, _, _ := strings.Cut(row, "@")
			if was, ok := owner[key]; ok && was != i && edge.Kind == graph.Hash {
				return fmt.Errorf("key %s went to subtasks %d and %d", key, was, i)
			}
			owner[key] = i
		}
		received = append(received, c.rows...)
	}
	slices.Sort(sent)
	slices.Sort(received)
	if !slices.Equal(sent, received) {
		return fmt.Errorf("sent %v\nreceived %v", sent, received)
	}
	return pool.Check()
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
