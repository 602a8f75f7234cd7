package times

import (
	"errors"
	"fmt"

	"github.com/weirstream/weir/operators/expr/exact"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/calendar"
)

// What is behind arithmetic with times and lengths of time. Times are µs, whether instants or local; intervals are µs or
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
