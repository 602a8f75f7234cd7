package window

import (
	"math"
	"math/bits"

	"github.com/weirstream/weir/runtime/ints"
)

// evenly is panes of one length. Pane 0 begins at offset.
type evenly struct {
	pane   int64 // µs of a pane, at least 1000
	offset int64 // µs, at least 0
}

func (e evenly) at(t int64) (pane, from, until int64) {
	number, into := ints.FloorDiv(t, e.pane)
	pane = number - e.offset/e.pane
	if into -= e.offset % e.pane; into < 0 {
		pane, into = pane-1, into+e.pane
	}
	return pane, ints.SaturatingAdd(t, -into), ints.SaturatingAdd(t, e.pane-1-into)
}

func (e evenly) begin(pane int64) int64 { return timesPlus(pane, e.pane, e.offset) }

// timesPlus returns a·b + c, staying at the ends of time where it would pass
// them. REQUIRES: b > 0, c ≥ 0.
func timesPlus(a, b, c int64) int64 {
	high, low := bits.Mul64(uint64(a), uint64(b))
	if a < 0 {
		high -= uint64(b)
	}
	low, carry := bits.Add64(low, uint64(c), 0)
	high += carry
	switch {
	case high == uint64(int64(low)>>63):
		return int64(low)
	case int64(high) < 0:
		return math.MinInt64
	}
	return math.MaxInt64
}
