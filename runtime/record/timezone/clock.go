package timezone

import (
	"math"

	"github.com/weirstream/weir/runtime/record"
)

// Clock tells the offset of a zone at one time after the other. It remembers the
// last span that it saw, since times that follow each other are mostly close,
// and so belongs to one goroutine.
type Clock struct {
	zone *Zone
	span span
}

// NewClock returns a clock of the zone.
func (z *Zone) NewClock() *Clock { return &Clock{zone: z, span: z.at(0)} }

// Offset returns what to add to the instant t for what the clock shows then, in µs.
func (c *Clock) Offset(t record.Time) int64 {
	if t < c.span.start || t >= c.span.end {
		c.span = c.zone.at(t)
	}
	return int64(c.span.offset)
}

// No offset, of any zone at any time, is as large as this.
const mostOffset = 16 * 3600 * 1_000_000

// LocalOffset returns what to take from the time that the clock shows for the
// instant at which it shows it, in µs. A time that the clock shows twice,
// because it is set back, is taken for the first of the two. A time that it
// leaves out, because it is set forward, is read as if it had not yet been: where
// 02:00 becomes 03:00, 02:30 is the instant that is shown as 03:30.
func (c *Clock) LocalOffset(local record.Time) int64 {
	earliest, latest := less(local, mostOffset), less(local, -mostOffset)
	if earliest >= c.span.start && latest < c.span.end {
		return int64(c.span.offset)
	}
	s := c.zone.at(earliest)
	for less(local, s.offset) >= s.end && s.end < math.MaxInt64 {
		next := c.zone.at(s.end)
		if less(local, next.offset) < next.start {
			break // the clock does not show this time
		}
		s = next
	}
	c.span = s
	return int64(s.offset)
}

// First returns the first instant at which the clock shows a time or a later one. Where the
// clock shows the time once, that is when; where twice, the first of the two; where it is
// set forward over the time, when it is set. It grows with the time.
func (c *Clock) First(local record.Time) record.Time {
	earliest := less(local, mostOffset)
	if earliest < c.span.start || less(local, -mostOffset) >= c.span.end {
		c.span = c.zone.at(earliest)
	}
	first := less(local, c.span.offset)
	for first >= c.span.end && c.span.end < math.MaxInt64 {
		set := c.span.end
		c.span = c.zone.at(set)
		first = max(set, less(local, c.span.offset))
	}
	return first
}

// less returns t - d, staying at the ends of time.
func less(t, d record.Time) record.Time {
	difference := t - d
	switch {
	case d > 0 && difference > t:
		return math.MinInt64
	case d < 0 && difference < t:
		return math.MaxInt64
	}
	return difference
}

// Times returns how often the clock shows a time: not at all where it is set forward over
// it, twice where it is set back.
func (c *Clock) Times(local record.Time) (n int) {
	earliest, latest := less(local, mostOffset), less(local, -mostOffset)
	if earliest >= c.span.start && latest < c.span.end {
		return 1
	}
	for s, from := c.zone.at(earliest), record.Time(math.MinInt64); ; s, from = c.zone.at(s.end), s.end {
		if t := less(local, s.offset); max(s.start, from) <= t && t < s.end { // what is looked up may begin before from, too
			n++
		}
		if s.end > latest || s.end == math.MaxInt64 {
			return n
		}
	}
}
