package expr

import (
	"errors"
	"fmt"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/calendar"
)

// The loops behind arithmetic with times and lengths of time, for [mapping] and
// [combining]. Times are µs, whether instants or local; intervals are µs or
// months, so that most of it is arithmetic of integers with other messages.

func whyAddTime(t, d int64) error {
	if whyAdd(t, d) == nil {
		return nil
	}
	return fmt.Errorf("%v + %s is out of range of timestamp", record.Time(t), appendInterval(nil, d))
}

func whySubtractTime(t, d int64) error {
	if whySubtract(t, d) == nil {
		return nil
	}
	return fmt.Errorf("%v - %s is out of range of timestamp", record.Time(t), appendInterval(nil, d))
}

func whySubtractTimes(a, b int64) error {
	if whySubtract(a, b) == nil {
		return nil
	}
	return fmt.Errorf("%v - %v is out of range of interval", record.Time(a), record.Time(b))
}

var errInterval = errors.New("the interval is out of range")

// asInterval says of intervals what why says of integers.
func asInterval(why func(a, b int64) error) func(a, b int64) error {
	return func(a, b int64) error {
		if err := why(a, b); err == nil || err == errZero {
			return err
		}
		return errInterval
	}
}

func whyNegateInterval(v int64) error {
	if whyNegate(v) == nil {
		return nil
	}
	return errInterval
}

// join is the inverse of [calendar.Split], unless there is no such time.
func join(days, rest int64) (t int64, ok bool) {
	t = days*microsPerDay + rest
	// On the last day, and on the one before the first, which has no midnight, the
	// sum may have wrapped, and lies at the other end of time then.
	return t, days >= firstDay-1 && days <= lastDay && (t < 0) == (days < 0)
}

// mostMonths is more than lie between any two times.
const mostMonths = 12 * 1_000_000

// shift adds months to a time, and takes the last day of the month where the
// month that it comes to is shorter.
func shift(t, n int64) (shifted int64, ok bool) {
	if n < -mostMonths || n > mostMonths {
		return t, false
	}
	days, rest := calendar.Split(t)
	year, month, dayOfMonth := calendar.Date(days)
	index := year*12 + month - 1 + n
	year, month = index/12, index%12+1
	if month < 1 {
		year, month = year-1, month+12
	}
	dayOfMonth = min(dayOfMonth, calendar.DaysIn(year, month))
	return join(calendar.Days(year, month, dayOfMonth), rest)
}

func addMonths(to, t, n []int64) bool {
	t, n = t[:len(to)], n[:len(to)]
	suspect := false
	for i := range to {
		shifted, ok := shift(t[i], n[i])
		to[i], suspect = shifted, suspect || !ok
	}
	return suspect
}

func whyAddMonths(t, n int64) error {
	if _, ok := shift(t, n); ok {
		return nil
	}
	return fmt.Errorf("%v + %s is out of range of timestamp", record.Time(t), appendMonths(nil, n))
}

func subtractMonths(to, t, n []int64) bool {
	t, n = t[:len(to)], n[:len(to)]
	suspect := false
	for i := range to {
		shifted, ok := shift(t[i], -n[i])
		to[i], suspect = shifted, suspect || !ok
	}
	return suspect
}

func whySubtractMonths(t, n int64) error {
	if _, ok := shift(t, -n); ok {
		return nil
	}
	return fmt.Errorf("%v - %s is out of range of timestamp", record.Time(t), appendMonths(nil, n))
}
