package window

import (
	"math"
	"time"

	"github.com/weirstream/weir/runtime/ints"
	"github.com/weirstream/weir/runtime/record"
)

// A grid is where aligned windows lie, on numbered panes: window k is the panes from
// k·slide up to k·slide + size. Numbers, unlike times, do not overflow: windows at the ends
// of time are cut short there.
type grid struct {
	ruler
	slide int64 // panes from one window to the next
	size  int64 // panes of a window; slide ≤ size
	late  int64 // µs of allowed lateness
}

// A ruler says where the panes of a grid lie, one behind the other.
type ruler interface {
	// at returns the pane of a time, and the first and last time of the pane.
	at(t int64) (pane, from, until int64)
	// begin returns where a pane begins, and so where the one before ends. A time that
	// does not exist is the end of time.
	begin(pane int64) int64
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
	return grid{ruler: evenly{pane, offset}, slide: slide / pane, size: size / pane, late: lateness.Microseconds()}
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// overlap returns the greatest number of windows that one pane is in.
func (g grid) overlap() int64 { return (g.size + g.slide - 1) / g.slide }

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
func (g grid) start(window int64) int64 { return g.begin(window * g.slide) }
func (g grid) end(window int64) int64   { return g.begin(window*g.slide + g.size) }

// due returns the last window whose end + allowed lateness ≤ w. At the end of
// time every window is due.
func (g grid) due(w int64) int64 {
	if w == int64(record.MaxTime) {
		return everWindow
	}
	pane, _, _ := g.at(ints.SaturatingAdd(w, -g.late))
	window, _ := ints.FloorDiv(pane-g.size, g.slide)
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
