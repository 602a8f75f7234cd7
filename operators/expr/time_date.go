package expr

import (
	"errors"

	"github.com/weirstream/weir/runtime/record"
)

// Arithmetic of dates: the days between two, and a date some days later. With an
// interval a date is its midnight in UTC, and so is the sum a timestamp.

// The overloads of + and - for dates and days.
var (
	datePlus = []overload{
		{params: []record.Type{record.Date, record.Int64}, result: record.Date, fails: true, build: ofDays(combining(addInts[int64], asDate(whyAdd)))},
		{params: []record.Type{record.Int64, record.Date}, result: record.Date, fails: true,
			build: onArguments(ofDays(combining(addInts[int64], asDate(whyAdd))), 1, 0)},
	}
	dateMinus = []overload{
		{params: []record.Type{record.Date, record.Date}, result: record.Int64, build: daysBetween},
		{params: []record.Type{record.Date, record.Int64}, result: record.Date, fails: true, build: ofDays(combining(subtractInts[int64], asDate(whySubtract)))},
	}
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
func ofDays(build builder) builder {
	return func(s site, args []kernel) kernel {
		inner := s
		inner.typ = record.Int64
		days := build(inner, []kernel{daysOf(s, args[0]), args[1]})
		return mapping(narrowInts, whyNotDate)(s, []kernel{days})
	}
}

// daysOf makes an int64 of a date.
func daysOf(s site, date kernel) kernel {
	s.typ = record.Int64
	return mapping(plainly[int64, int32], nil)(s, []kernel{date})
}

func daysBetween(s site, args []kernel) kernel {
	return combining(subtractInts[int64], nil)(s, []kernel{daysOf(s, args[0]), daysOf(s, args[1])})
}

// parsingDates prepares to_date of a text and, perhaps, a pattern: the day of what
// [parsing] reads.
func parsingDates(p *preparation) builder {
	build := parsing(p)
	if build == nil {
		return nil
	}
	return func(s site, args []kernel) kernel {
		inner := s
		inner.typ = record.Timestamp
		return mapping(datesOfTimes, nil)(s, []kernel{build(inner, args)})
	}
}
