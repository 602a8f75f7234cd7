package times

import (
	"testing"

	"github.com/weirstream/weir/runtime/record/calendar"
	"github.com/weirstream/weir/runtime/trial"
)

// TestBucketsAgainstASearch finds bucket beginnings by counting from the anchor.
func TestBucketsAgainstASearch(t *testing.T) {
	trial.Run(t, 5000, func(t *trial.Case) {
		random := t.Random
		size := 1 + random.Int64N(100*calendar.MicrosPerDay)
		at := random.Int64N(200*366*calendar.MicrosPerDay) - 100*366*calendar.MicrosPerDay
		to := [1]int64{}
		if bucketsOf(calendar.Unit{Micros: size})(to[:], []int64{at}) {
			t.Fatalf("the bucket of %d µs at %d is out of range", size, at)
		}
		if start := to[0]; start > at || at-start >= size || (start-calendar.AnchorDay*calendar.MicrosPerDay)%size != 0 {
			t.Fatalf("the bucket of %d µs at %d begins at %d", size, at, start)
		}
		n := 1 + random.Int64N(1000)
		bucketsOf(calendar.Unit{Months: n})(to[:], []int64{at})
		if next, _ := calendar.AddMonths(to[0], n); to[0] > at || next <= at || (monthOf(to[0])-calendar.AnchorMonth)%n != 0 {
			t.Fatalf("the bucket of %d months at %d begins at %d", n, at, to[0])
		}
	})
}
