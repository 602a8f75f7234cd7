package times

import (
	"fmt"
	"math"

	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/ints"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/calendar"
	"github.com/weirstream/weir/runtime/record/timezone"
)

// timeLoop computes times from times, and reports whether any may be out of range.
type timeLoop func(to, from []int64) (suspect bool)

// whyOutOfRange asks a loop whether a single time is out of range.
func whyOutOfRange(loop timeLoop) func(int64) error {
	return func(t int64) error {
		if to := [1]int64{}; !loop(to[:], []int64{t}) {
			return nil
		}
		return fmt.Errorf("the result for %v is out of range of timestamp", record.Time(t))
	}
}

// bucketsOf returns the loop that gives the beginning of the bucket of a width in
// which a time lies; buckets are counted from the anchors of the calendar.
func bucketsOf(width calendar.Unit) timeLoop {
	if width.Months > 0 {
		return monthBuckets(width.Months)
	}
	return microBuckets(width.Micros, calendar.AnchorDay*calendar.MicrosPerDay%width.Micros)
}

// truncating prepares date_trunc(unit, time, zone).
func truncating(p *kernel.Preparation) kernel.Builder {
	u, ok := unitOf(p, 0)
	if !ok {
		return nil
	}
	loop := bucketsOf(u)
	if p.Count() == 2 {
		return kernel.OnArguments(kernel.Mapping(loop, whyOutOfRange(loop)), 1)
	}
	z := Zone(p, 2)
	if z == nil {
		return nil
	}
	return kernel.OnArguments(inClock(z, func(c *timezone.Clock) timeLoop { return inZone(c, u, loop) }), 1)
}

// bucketing prepares time_bucket(width, time).
func bucketing(p *kernel.Preparation) kernel.Builder {
	const most = math.MaxInt64 / 4 // so that no sum of two wraps
	v, ok := p.Constant(0)
	if !ok || v.Int <= 0 || v.Int > most {
		return p.Wrong(0, "the width of buckets is an interval above 0, such as INTERVAL '15' MINUTE; %s is none", p.Excerpt(0))
	}
	width := calendar.Unit{Micros: v.Int}
	if v.Type == record.Months {
		width = calendar.Unit{Months: v.Int}
	}
	loop := bucketsOf(width)
	return kernel.OnArguments(kernel.Mapping(loop, whyOutOfRange(loop)), 1)
}

func microBuckets(size, shift int64) timeLoop {
	return func(to, from []int64) bool {
		from = from[:len(to)]
		suspect := false
		for i, t := range from {
			into := t%size - shift
			if into < 0 {
				into += size
			}
			if into < 0 {
				into += size
			}
			to[i] = t - into
			suspect = suspect || to[i] > t
		}
		return suspect
	}
}

// monthBuckets looks the month up once for times of a day that follow each other.
func monthBuckets(n int64) timeLoop {
	return func(to, from []int64) bool {
		from = from[:len(to)]
		suspect, last, start, ok := false, int64(math.MinInt64), int64(0), false
		for i, t := range from {
			if days, _ := calendar.Split(t); days != last {
				last = days
				month := calendar.Month(days)
				_, into := ints.FloorDiv(month-calendar.AnchorMonth, n)
				start, ok = calendar.Join(calendar.FirstOfMonth(month-into), 0)
			}
			to[i], suspect = start, suspect || !ok
		}
		return suspect
	}
}

// inZone returns the loop that truncates instants by what a clock shows. Within
// an hour or less the clock is taken to run on as it does at the instant; a day
// and longer begins when the clock shows its beginning.
func inZone(c *timezone.Clock, u calendar.Unit, truncate timeLoop) timeLoop {
	return func(to, from []int64) bool {
		from = from[:len(to)]
		var offsets [64]int64
		suspect := false
		for i, t := range from {
			offsets[i] = c.Offset(record.Time(t))
			to[i] = t + offsets[i]
			suspect = suspect || (to[i] < t) != (offsets[i] < 0)
		}
		suspect = truncate(to, to) || suspect
		for i, t := range to {
			if u.Micros == 0 || u.Micros >= calendar.MicrosPerDay {
				offsets[i] = c.LocalOffset(record.Time(t))
			}
			to[i] = t - offsets[i]
			suspect = suspect || (to[i] > t) != (offsets[i] < 0)
		}
		return suspect
	}
}
