package calendar

import (
	"math"

	"github.com/weirstream/weir/runtime/ints"
)

// Join is the inverse of [Split], unless there is no such time.
func Join(days, rest int64) (t int64, ok bool) {
	const first, last = math.MinInt64 / MicrosPerDay, math.MaxInt64 / MicrosPerDay
	t = days*MicrosPerDay + rest
	// On the last day, and on the one before the first, which has no midnight, the
	// sum may have wrapped, and lies at the other end of time then.
	return t, days >= first-1 && days <= last && (t < 0) == (days < 0)
}

// Month returns the month in which a day lies, counted from January of year 0.
func Month(days int64) int64 {
	year, month, _ := Date(days)
	return year*12 + month - 1
}

// FirstOfMonth returns the day on which a month begins that is counted as
// [Month] does.
func FirstOfMonth(month int64) (days int64) {
	year, month := ints.FloorDiv(month, 12)
	return Days(year, month+1, 1)
}

// mostMonths is more than lie between any two times.
const mostMonths = 12 * 1_000_000

// AddMonths moves a time, in microseconds since 1970-01-01, by n months, to the
// last day of a month that has no such day; unless there is no such time.
func AddMonths(t, n int64) (moved int64, ok bool) {
	if n < -mostMonths || n > mostMonths {
		return t, false
	}
	days, rest := Split(t)
	year, month, day := Date(days)
	index := year*12 + month - 1 + n
	year, month = ints.FloorDiv(index, 12)
	month++
	day = min(day, DaysIn(year, month))
	return Join(Days(year, month, day), rest)
}

// MonthsBetween returns how many months can be added to a time without passing a
// later one.
func MonthsBetween(from, to int64) int64 {
	fromDays, fromRest := Split(from)
	toDays, toRest := Split(to)
	year, month, day := Date(fromDays)
	toYear, toMonth, toDay := Date(toDays)
	day = min(day, DaysIn(toYear, toMonth))
	n := (toYear-year)*12 + toMonth - month
	if day > toDay || day == toDay && fromRest > toRest {
		n--
	}
	return n
}
