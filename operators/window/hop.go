package window

import (
	"fmt"
	"time"
)

// Hop is windows of one size that begin every slide: at offset + k·slide for
// every whole number k, counted from 1970-01-01T00:00:00Z.
//
//	Input:   key columns, argument and filter columns, event time, in any order.
//	Output:  key columns, window_start, window_end (half-open [start, end)), aggregates.
//	State:   one row per key and pane, one per key of the window that is firing.
//	Fires:   once, when the watermark reaches window_end + allowed lateness.
//	Late:    rows that reach none of their windows leave on the late output.
//	Errors:  a sum of int64 that int64 cannot hold.
type Hop struct {
	Size   time.Duration // whole milliseconds
	Slide  time.Duration // whole milliseconds, at most Size
	Offset time.Duration // whole microseconds; any sign
}

// Tumble returns windows that begin where the one before ends.
func Tumble(size, offset time.Duration) Hop { return Hop{Size: size, Slide: size, Offset: offset} }

func (h Hop) validate() error {
	if err := wholeMilliseconds("size", h.Size); err != nil {
		return err
	}
	if err := wholeMilliseconds("slide", h.Slide); err != nil {
		return err
	}
	if h.Slide > h.Size {
		return fmt.Errorf("slide %v is longer than size %v: rows between windows would be in none; filter them with where", h.Slide, h.Size)
	}
	return h.checkOverlap()
}

// checkOverlap makes sure that the number of a pane times those of the windows that it is
// in fits an int64.
func (h Hop) checkOverlap() error {
	g, pane := newGrid(h, 0), time.Duration(gcd(int64(h.Size), int64(h.Slide)))
	if most := pane.Microseconds() / 2; g.overlap() > most {
		return fmt.Errorf("each row would be in %d windows, and with panes of %v (what size and slide have in common) the most is %d; "+
			"choose a longer slide", g.overlap(), pane, most)
	}
	return nil
}

func wholeMilliseconds(name string, d time.Duration) error {
	if d <= 0 || d%time.Millisecond != 0 {
		return fmt.Errorf("%s %v is not a whole number of milliseconds, at least 1ms", name, d)
	}
	return nil
}

func (h Hop) firesAfter() time.Duration { return 0 }

func (h Hop) open(o opening) (windows, error) {
	return openAligned(o, newGrid(h, o.Lateness))
}
