package watermark

import (
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/trial"
	"github.com/weirstream/weir/state/keyrange"
)

// TestRangesThroughRestores has subtasks save and restore watermarks at one parallelism after
// another, and holds them to a watermark for each sixth of the keys.
func TestRangesThroughRestores(t *testing.T) {
	const sixths = 6
	trial.Run(t, 300, func(c *trial.Case) {
		var want [sixths]record.Time
		for i := range want {
			want[i] = record.MinTime
		}
		var saved [][]byte
		for range 1 + c.Random.IntN(5) {
			n := []int{1, 2, 3, 6}[c.Random.IntN(4)]
			var next [][]byte
			for i := range n {
				keys := keyrange.Of(i, n)
				least, ranges, err := RestoreRanges(keys, saved)
				if err != nil {
					c.Fatal(err)
				}
				mine := want[i*sixths/n : (i+1)*sixths/n]
				checkRanges(c, least, ranges, i*sixths/n, mine)
				if c.Random.IntN(3) > 0 {
					least = max(least, record.Time(c.Random.IntN(5)))
				}
				for k := range mine {
					mine[k] = max(mine[k], least)
				}
				ranges = ranges.Behind(least)
				next = append(next, AppendRanges(nil, keys, least, ranges))
			}
			saved = next
		}
	})
}

// checkRanges compares what a subtask has restored with the watermarks of its sixths.
func checkRanges(c *trial.Case, least record.Time, ranges Ranges, first int, want []record.Time) {
	c.Helper()
	differ := false
	for k, mark := range want {
		keys := keyrange.Of(first+k, 6)
		for _, hash := range []uint64{keys.First, keys.Last} {
			if got := max(least, ranges.Of(hash)); got != mark {
				c.Fatalf("hash %016x has watermark %v of %v and %v, want %v", hash, got, least, ranges, want)
			}
		}
		if differ = differ || mark != want[0]; mark < least {
			c.Fatalf("%v is not the least of %v", least, want)
		}
	}
	if differ != (len(ranges) > 0) {
		c.Fatalf("ranges %v of watermarks %v", ranges, want)
	}
	for i := 1; i < len(ranges); i++ {
		if ranges[i].Mark == ranges[i-1].Mark {
			c.Fatalf("ranges %v beside each other are not one", ranges)
		}
	}
}

func TestRestoreRangesRefuses(t *testing.T) {
	half := func(i int) []byte { return AppendRanges(nil, keyrange.Of(i, 2), 7, nil) }
	for _, test := range []struct {
		saved [][]byte
		want  string
	}{
		{[][]byte{half(0), half(1)[:8]}, "8 bytes"},
		{[][]byte{half(0)}, "none for the keys from hash 8000000000000000"},
		{[][]byte{half(1)}, "not one for each key"},
		{[][]byte{half(0), half(0), half(1)}, "not one for each key"},
		{[][]byte{half(0), half(1), half(1)}, "not one for each key"},
	} {
		if _, _, err := RestoreRanges(keyrange.All, test.saved); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%x: %v, want %q", test.saved, err, test.want)
		}
	}
}
