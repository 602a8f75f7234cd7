package expr

import (
	"errors"
	"fmt"

	"github.com/weirstream/weir/operators/expr/exact"
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/operators/expr/syntax"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/calendar"
)

// The loops behind arithmetic with times and lengths of time, for [kernel.Mapping] and
// [kernel.Combining]. Times are µs, whether instants or local; intervals are µs or
// months, so that most of it is arithmetic of integers with other messages.

func whyAddTime(t, d int64) error {
	if exact.WhyAdd(t, d) == nil {
		return nil
	}
	return fmt.Errorf("%v + %s is out of range of timestamp", record.Time(t), appendInterval(nil, d))
}

func whySubtractTime(t, d int64) error {
	if exact.WhySubtract(t, d) == nil {
		return nil
	}
	return fmt.Errorf("%v - %s is out of range of timestamp", record.Time(t), appendInterval(nil, d))
}

func whySubtractTimes(a, b int64) error {
	if exact.WhySubtract(a, b) == nil {
		return nil
	}
	return fmt.Errorf("%v - %v is out of range of interval", record.Time(a), record.Time(b))
}

var errInterval = errors.New("the interval is out of range")

// asInterval says of intervals what why says of integers.
func asInterval(why func(a, b int64) error) func(a, b int64) error {
	return func(a, b int64) error {
		if err := why(a, b); err == nil || err == exact.ErrZero {
			return err
		}
		return errInterval
	}
}

func whyNegateInterval(v int64) error {
	if exact.WhyNegate(v) == nil {
		return nil
	}
	return errInterval
}

func addMonths(to, t, n []int64) bool {
	t, n = t[:len(to)], n[:len(to)]
	suspect := false
	for i := range to {
		shifted, ok := calendar.AddMonths(t[i], n[i])
		to[i], suspect = shifted, suspect || !ok
	}
	return suspect
}

func whyAddMonths(t, n int64) error {
	if _, ok := calendar.AddMonths(t, n); ok {
		return nil
	}
	return fmt.Errorf("%v + %s is out of range of timestamp", record.Time(t), appendMonths(nil, n))
}

func subtractMonths(to, t, n []int64) bool {
	t, n = t[:len(to)], n[:len(to)]
	suspect := false
	for i := range to {
		shifted, ok := calendar.AddMonths(t[i], -n[i])
		to[i], suspect = shifted, suspect || !ok
	}
	return suspect
}

func whySubtractMonths(t, n int64) error {
	if _, ok := calendar.AddMonths(t, -n); ok {
		return nil
	}
	return fmt.Errorf("%v - %s is out of range of timestamp", record.Time(t), appendMonths(nil, n))
}

// adding prepares timestampadd(unit, n, t): t + n * INTERVAL '1' unit.
func adding(p *kernel.Preparation) kernel.Builder {
	u, ok := unitOf(p, 0)
	if !ok {
		return nil
	}
	one, plus := syntax.Value{Type: record.Interval, Int: u.Micros}, kernel.Combining(exact.Add[int64], whyAddTime)
	if u.Months > 0 {
		one, plus = syntax.Value{Type: record.Months, Int: u.Months}, kernel.Combining(addMonths, whyAddMonths)
	}
	return func(s kernel.Site, args []kernel.Kernel) kernel.Kernel {
		inner := s
		inner.Type = record.Int64
		length := kernel.Combining(exact.Multiply, asInterval(exact.WhyMultiply))(inner, []kernel.Kernel{args[1], kernel.Literal(one)(s, nil)})
		return plus(s, []kernel.Kernel{args[2], length})
	}
}
