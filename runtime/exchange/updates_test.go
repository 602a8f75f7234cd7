package exchange

import (
	"fmt"
	"maps"
	"testing"

	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// TestHalvesOfUpdates sends updates that change the key of a hash edge, and others.
// What each consumer gets is a changelog: an update is there as a whole or is a change of
// its own, and together they come to what was sent.
func TestHalvesOfUpdates(t *testing.T) {
	trial.Run(t, 200, func(c *trial.Case) {
		pool, there := record.NewCheckedPool(), map[int64]int64{}
		inboxes := make([]*Inbox, 1+c.Random.IntN(3))
		var channels []*Channel
		for i := range inboxes {
			inboxes[i] = NewInbox(1<<20, func() {})
			channels = append(channels, inboxes[i].Edge(0, false, 1, func(int) {})...)
		}
		edge := &graph.Edge{Kind: graph.Hash, Key: []int{0}, FromSubs: 1}
		s := NewSender(pool, edge, channels, 1+c.Random.IntN(8))
		for range 1 + c.Random.IntN(4) {
			b := updates(c, pool, there)
			kinds := fmt.Sprint(b.RowKinds.RowKinds())
			s.Send(stream.BatchOf(b.Retain()))
			if now := fmt.Sprint(b.RowKinds.RowKinds()); now != kinds {
				c.Errorf("the batch, which others may hold, had the kinds %s and has %s", kinds, now)
			}
			b.Release()
		}
		s.Flush()
		got, want := map[int64]int64{}, map[int64]int64{}
		for _, key := range there {
			want[key]++
		}
		for i, inbox := range inboxes {
			if err := receiveChanges(inbox, got); err != nil {
				c.Errorf("consumer %d: %v", i, err)
			}
		}
		if !maps.Equal(got, want) {
			c.Errorf("comes to %v, want %v", got, want)
		}
		if err := pool.Check(); err != nil {
			c.Error(err)
		}
	})
}

// updates returns inserts and updates of rows, of which there has the keys.
func updates(c *trial.Case, pool *record.Pool, there map[int64]int64) *record.Batch {
	kinds := pool.NewColumn(record.Type{Kind: record.KindRowKind}, 8)
	var keys, times []int64
	add := func(kind record.RowKind, key int64) {
		kinds.AppendRowKind(kind)
		keys, times = append(keys, key), append(times, 0)
	}
	for range 1 + c.Random.IntN(6) {
		row, key := c.Random.Int64N(4), c.Random.Int64N(4)
		if was, known := there[row]; known {
			add(record.UpdateBefore, was)
			add(record.UpdateAfter, key)
		} else {
			add(record.Insert, key)
		}
		there[row] = key
	}
	b := batch(pool, keys, times)
	b.RowKinds = kinds
	return b
}

// receiveChanges counts the rows of each key that a consumer's changelog comes to.
func receiveChanges(inbox *Inbox, rows map[int64]int64) error {
	for {
		r, ok := inbox.Next()
		if !ok {
			return nil
		}
		b, half := r.Element.Batch, false
		for i, kind := range b.RowKinds.RowKinds() {
			if half != (kind == record.UpdateAfter) {
				return fmt.Errorf("half an update in %v", b.RowKinds.RowKinds())
			}
			half = kind == record.UpdateBefore
			key := b.Columns[0].Int64s()[i]
			rows[key]++
			if kind == record.UpdateBefore || kind == record.Delete {
				rows[key] -= 2
			}
			if rows[key] == 0 {
				delete(rows, key)
			}
		}
		if half {
			return fmt.Errorf("half an update in %v", b.RowKinds.RowKinds())
		}
		b.Release()
	}
}
