package exchange

import (
	"testing"
	"time"

	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// An alignment takes from the first barrier to the last, however many there are.
func TestAlignmentIsTimed(t *testing.T) {
	now := time.Unix(1000, 0)
	in := NewInbox(1<<20, func() {})
	in.TimeAlignments(func() time.Time { return now })
	channels := in.Edge(0, false, 3, func(int) {})
	for id, want := range []time.Duration{50, 10, 0} {
		for i, c := range channels {
			if i > 0 {
				now = now.Add(want / 2)
			}
			c.Send(stream.BarrierOf(stream.Barrier{ID: stream.CheckpointID(id + 1)}))
			_, aligned := in.Next()
			if aligned != (i == 2) {
				t.Fatalf("barrier %d on channel %d is aligned: %v", id, i, aligned)
			}
		}
		if got := in.Aligned(); got != want {
			t.Errorf("alignment %d took %v, want %v", id, got, want)
		}
		now = now.Add(time.Hour)
	}
}

// What senders have sent is what inboxes have taken in, when all of it has been.
func TestBytesAreCountedOnBothSides(t *testing.T) {
	for _, kind := range []graph.EdgeKind{graph.Hash, graph.Rebalance} {
		pool := record.NewCheckedPool()
		edge := &graph.Edge{Kind: kind, Key: []int{0}, FromSubs: 1}
		var inboxes []*Inbox
		var channels []*Channel
		for range 3 {
			in := NewInbox(1<<20, func() {})
			inboxes = append(inboxes, in)
			channels = append(channels, in.Edge(0, false, 1, func(int) {})...)
		}
		s := NewSender(pool, edge, channels, 4)
		for i := range int64(20) {
			s.Send(stream.BatchOf(batch(pool, []int64{i, i + 1, i + 2}, []int64{i, i, i})))
			s.Send(stream.WatermarkOf(record.Time(i)))
		}
		s.Send(stream.End)
		var taken int64
		for _, in := range inboxes {
			for r, ok := in.Next(); ok; r, ok = in.Next() {
				r.Element.Release()
			}
			taken += in.Taken()
		}
		if taken != s.Sent() || taken < 20*3*16 {
			t.Errorf("%v: %d bytes were sent and %d taken in", kind, s.Sent(), taken)
		}
		if err := pool.Check(); err != nil {
			t.Error(err)
		}
	}
}
