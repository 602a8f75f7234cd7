package window

import (
	"fmt"
	"math"
	"math/bits"
	"time"

	"github.com/weirstream/weir/runtime/ints"
	"github.com/weirstream/weir/runtime/record"
)

// A grid is where aligned windows lie. Panes are numbered; pane 0 begins at
// offset. Window k is the panes from k·slide up to k·slide + size. Numbers, unlike
// times, do not overflow: windows at the ends of time are cut short there.
type grid struct {
	pane   int64 // µs of a pane, at least 1000
	slide  int64 // panes from one window to the next
	size   int64 // panes of a window; slide ≤ size
	offset int64 // µs, 0 ≤ offset < slide·pane
	late   int64 // µs of allowed lateness
}

// Numbers of windows before and behind every other. They leave room to add to.
const (
	noWindow   = math.MinInt64 / 2
	everWindow = math.MaxInt64 / 2
)

func newGrid(h Hop, lateness time.Duration) grid {
	size, slide := h.Size.Microseconds(), h.Slide.Microseconds()
	pane := gcd(size, slide)
	_, offset := ints.FloorDiv(h.Offset.Microseconds(), slide)
	return grid{pane: pane, slide: slide / pane, size: size / pane, offset: offset, late: lateness.Microseconds()}
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// overlap returns the greatest number of windows that one pane is in.
func (g grid) overlap() int64 { return (g.size + g.slide - 1) / g.slide }

// validate makes sure that overlap × number of a pane fits an int64.
func (g grid) validate() error {
	if most := g.pane / 2; g.overlap() > most {
		return fmt.Errorf("each row would be in %d windows, and with panes of %v (what size and slide have in common) the most is %d; "+
			"choose a longer slide",
			g.overlap(), time.Duration(g.pane)*time.Microsecond, most)
	}
	return nil
}

// at returns the pane of a time, and the first and last time of the pane.
func (g grid) at(t int64) (pane, from, until int64) {
	number, into := ints.FloorDiv(t, g.pane)
	pane = number - g.offset/g.pane
	if into -= g.offset % g.pane; into < 0 {
		pane, into = pane-1, into+g.pane
	}
	return pane, ints.SaturatingAdd(t, -into), ints.SaturatingAdd(t, g.pane-1-into)
}

// first and last return the first and the last window that a pane is in.
func (g grid) first(pane int64) int64 {
	before, _ := ints.FloorDiv(pane-g.size, g.slide)
	return before + 1
}

func (g grid) last(pane int64) int64 {
	k, _ := ints.FloorDiv(pane, g.slide)
	return k
}

// start and end return the bounds of a window.
func (g grid) start(window int64) int64 { return timesPlus(window, g.slide*g.pane, g.offset) }

func (g grid) end(window int64) int64 {
	return timesPlus(window, g.slide*g.pane, g.offset+g.size*g.pane)
}

// due returns the last window whose end + allowed lateness ≤ w. At the end of
// time every window is due.
func (g grid) due(w int64) int64 {
	if w == int64(record.MaxTime) {
		return everWindow
	}
	slide := g.slide * g.pane
	first := g.offset + g.size*g.pane + g.late // when window 0 is due
	window, into := ints.FloorDiv(w, slide)
	window -= first / slide
	if into < first%slide {
		window--
	}
	return window
}

// firstPaneBehind returns the first pane all of whose windows are behind window k.
func (g grid) firstPaneBehind(k int64) int64 {
	if k == everWindow {
		return math.MaxInt64
	}
	return k*g.slide + g.size
}

// firstPaneAfter returns the first pane that is in a window after k.
func (g grid) firstPaneAfter(k int64) int64 {
	if k == everWindow {
		return math.MaxInt64
	}
	return (k + 1) * g.slide
}

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
