package task_test

import (
	"slices"
	"testing"

	"github.com/weirstream/weir/runtime/record"
)

// TestCompleteSource has right keep everything until its splits have ended: before the
// first is found, while they are silent, and when one of them has ended. Nothing of it is
// late then, and what left brings is judged by left alone.
func TestCompleteSource(t *testing.T) {
	for _, seed := range seeds(8) {
		backwards := every(0, second, 40)
		slices.Reverse(backwards)
		left := append(every(0, second, 60), 10*second) // the last is late by its own split
		u := newUnion(t, seed, left, backwards, backwards)
		e := &u.graph.Step("right").Source.EventTime
		e.Complete, e.Delay, e.IdleAfter = true, 0, 0
		u.graph.Step("right").Source.Source.(*feed).after = 8 * idleAfter
		u.left.open.Store(61)
		u.taken(61)
		u.stays(int64(record.MinTime), "no split of right was found yet")
		u.right[0].open.Store(40)
		u.right[1].open.Store(10)
		u.taken(111)
		u.stays(int64(record.MinTime), "right is silent")
		u.right[0].held.Store(false)
		u.stays(int64(record.MinTime), "only one split of right has ended")
		u.right[1].open.Store(40)
		u.taken(141)
		u.end(141, 1)
	}
}
