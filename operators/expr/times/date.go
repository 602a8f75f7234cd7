package times

import (
	"errors"

	"github.com/weirstream/weir/operators/expr/exact"
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
)

// Arithmetic of dates: the days between two, and a date some days later. With an
// interval a date is its midnight in UTC, and so is the sum a timestamp.

// The overloads of + and - for dates and days.
var (
	datePlus = []kernel.Overload{
		{Params: types{record.Date, record.Int64}, Result: record.Date, Fails: true, Build: dayLater},
		{Params: types{record.Int64, record.Date}, Result: record.Date, Fails: true, Build: kernel.OnArguments(dayLater, 1, 0)},
	}
	dateMinus = []kernel.Overload{
		{Params: types{record.Date, record.Date}, Result: record.Int64, Build: daysBetween},
		{Params: types{record.Date, record.Int64}, Result: record.Date, Fails: true, Build: dayEarlier},
	}
	dayLater   = ofDays(kernel.Combining(exact.Add[int64], asDate(exact.WhyAdd)))
	dayEarlier = ofDays(kernel.Combining(exact.Subtract[int64], asDate(exact.WhySubtract)))
)

var errDate = errors.New("the result is out of range of date")

// asDate says of dates what why says of integers.
func asDate(why func(a, b int64) error) func(a, b int64) error {
	return func(a, b int64) error {
		if why(a, b) != nil {
			return errDate
		}
		return nil
	}
}

func whyNotDate(day int64) error {
	if int64(int32(day)) == day {
		return nil
	}
	return errDate
}

// ofDays builds a kernel that computes a day from a day and a number, both as
// int64, as one that computes a date from a date and a number.
func ofDays(build kernel.Builder) kernel.Builder {
	return func(s kernel.Site, args []kernel.Kernel) kernel.Kernel {
		inner := s
		inner.Type = record.Int64
		days := build(inner, []kernel.Kernel{daysOf(s, args[0]), args[1]})
		return kernel.Mapping(exact.Narrow, whyNotDate)(s, []kernel.Kernel{days})
	}
}

// daysOf makes an int64 of a date.
func daysOf(s kernel.Site, date kernel.Kernel) kernel.Kernel {
	s.Type = record.Int64
	return kernel.Mapping(exact.Widen, nil)(s, []kernel.Kernel{date})
}

func daysBetween(s kernel.Site, args []kernel.Kernel) kernel.Kernel {
	return kernel.Combining(exact.Subtract[int64], nil)(s, []kernel.Kernel{daysOf(s, args[0]), daysOf(s, args[1])})
}
