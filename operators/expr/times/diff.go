package times

import (
	"fmt"

	"github.com/weirstream/weir/operators/expr/exact"
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/ints"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/calendar"
)

// differing prepares timestampdiff(unit, from, to).
func differing(p *kernel.Preparation) kernel.Builder {
	u, ok := unitOf(p, 0)
	if !ok {
		return nil
	}
	if u.Months > 0 {
		p.Fails = false
		return kernel.OnArguments(kernel.Combining(monthsBetween(u.Months), nil), 1, 2)
	}
	loop := microsBetween(u.Micros)
	return kernel.OnArguments(kernel.Combining(loop, func(from, to int64) error {
		if out := [1]int64{}; !loop(out[:], []int64{from}, []int64{to}) {
			return nil
		}
		return fmt.Errorf("from %v to %v is out of range of interval", record.Time(from), record.Time(to))
	}), 1, 2)
}

// microsBetween counts whole units, cut towards zero.
func microsBetween(size int64) func(out, from, to []int64) bool {
	return func(out, from, to []int64) bool {
		suspect := exact.Subtract(out, to, from)
		for i := range out {
			out[i] /= size
		}
		return suspect
	}
}

// monthsBetween counts how many times n months can be added to the earlier of two
// times without passing the later one.
func monthsBetween(n int64) func(out, from, to []int64) bool {
	return func(out, from, to []int64) bool {
		from, to = from[:len(out)], to[:len(out)]
		for i := range out {
			if from[i] <= to[i] {
				out[i] = calendar.MonthsBetween(from[i], to[i]) / n
			} else {
				out[i] = -(calendar.MonthsBetween(to[i], from[i]) / n)
			}
		}
		return false
	}
}

// crossing prepares date_diff(unit, from, to): how many beginnings of a unit lie
// behind the one time and not behind the other.
func crossing(p *kernel.Preparation) kernel.Builder {
	u, ok := unitOf(p, 0)
	if !ok {
		return nil
	}
	if u.Micros == 1 {
		return differing(p) // so many begin as pass, and there may be too many
	}
	p.Fails = false
	loop := bucketsBetween(u.Micros)
	if u.Months > 0 {
		loop = monthBucketsBetween(u.Months)
	}
	return kernel.OnArguments(kernel.Combining(loop, nil), 1, 2)
}

func bucketsBetween(size int64) func(out, from, to []int64) bool {
	shift := calendar.AnchorDay * calendar.MicrosPerDay % max(size, 1)
	index := func(t int64) int64 {
		i, into := ints.FloorDiv(t, size)
		if into < shift {
			i--
		}
		return i
	}
	return countsBetween(index)
}

// countsBetween counts what lies between two times by the number that each has.
func countsBetween(index func(t int64) int64) func(out, from, to []int64) bool {
	return func(out, from, to []int64) bool {
		from, to = from[:len(out)], to[:len(out)]
		for i := range out {
			out[i] = index(to[i]) - index(from[i])
		}
		return false
	}
}

func monthBucketsBetween(n int64) func(out, from, to []int64) bool {
	index := func(t int64) int64 {
		i, _ := ints.FloorDiv(monthOf(t), n)
		return i
	}
	return countsBetween(index)
}

func monthOf(t int64) int64 {
	days, _ := calendar.Split(t)
	return calendar.Month(days)
}
