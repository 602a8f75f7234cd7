package keyrange_test

import (
	"math"
	"testing"

	"github.com/weirstream/weir/state/keyrange"
)

// The ranges of all subtasks lie side by side, cover every hash, and agree with
// Subtask at each edge.
func TestRangesPartitionTheHashSpace(t *testing.T) {
	for _, parallelism := range []int{1, 2, 3, 4, 5, 7, 64, 1000, 4095} {
		next := uint64(0)
		for i := range parallelism {
			r := keyrange.Of(i, parallelism)
			if r.First != next || r.Last < r.First {
				t.Fatalf("parallelism %d: range %d is %x; it should begin at %x", parallelism, i, r, next)
			}
			for _, h := range []uint64{r.First, r.Last} {
				if got := keyrange.Subtask(h, parallelism); got != i || !r.Contains(h) {
					t.Fatalf("parallelism %d: hash %x belongs to %d, not %d", parallelism, h, got, i)
				}
			}
			next = r.Last + 1
		}
		if next != 0 {
			t.Fatalf("parallelism %d: the last range ends at %x", parallelism, next-1)
		}
	}
}

func TestOverlaps(t *testing.T) {
	for _, c := range []struct {
		a, b keyrange.Range
		want bool
	}{
		{keyrange.All, keyrange.Range{First: 5, Last: 5}, true},
		{keyrange.Range{First: 0, Last: 4}, keyrange.Range{First: 5, Last: 9}, false},
		{keyrange.Range{First: 0, Last: 5}, keyrange.Range{First: 5, Last: 9}, true},
		{keyrange.Of(3, 4), keyrange.Range{First: math.MaxUint64, Last: math.MaxUint64}, true},
	} {
		if c.a.Overlaps(c.b) != c.want || c.b.Overlaps(c.a) != c.want {
			t.Errorf("%x and %x: overlap should be %v", c.a, c.b, c.want)
		}
	}
}
