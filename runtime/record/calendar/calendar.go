// Package calendar counts days and months in the proleptic Gregorian calendar,
// which goes on before 1582 as if it had always been in use and has a year 0.
//
// Days are counted from 1970-01-01 and lie within int32, as those of a date do.
// The arithmetic is that of Cassio Neri and Lorenz Schneider, "Euclidean affine
// functions and their application to calendar algorithms", Software: Practice and
// Experience 53 (2023): a year begins on 1 March, so that the leap day is its
// last, and divisions become multiplications.
package calendar

import "github.com/weirstream/weir/runtime/ints"

// Years and days are moved up by so many eras of 400 years that none is negative.
const (
	eras      = 15_000
	yearsUp   = 400 * eras
	daysUp    = 146_097*eras + 719_468 // 719,468 days lie between 0000-03-01 and 1970-01-01
	january   = 306                    // the day of a year that is 1 January
	yearScale = 2_939_745              // 2^32 × 4 / 1461
)

// Split returns the day in which a time lies, given in microseconds since
// 1970-01-01, and its microseconds of that day.
func Split(t int64) (days, rest int64) {
	return ints.FloorDiv(t, MicrosPerDay)
}

// Days returns the day that is a date. A day of the month beyond its last runs
// on into the months behind it.
func Days(year, month, day int64) int64 {
	if month <= 2 {
		year, month = year-1, month+12
	}
	y := uint64(year + yearsUp)
	century := y / 100
	return int64(1461*y/4-century+century/4) + (979*month-2919)/32 + day - 1 - daysUp
}

// Date returns the date of a day; it is the inverse of [Days].
func Date(days int64) (year, month, day int64) {
	n := 4*uint64(days+daysUp) + 3
	century := n / 146_097
	ofCentury := uint64(uint32(n%146_097) | 3)
	scaled := yearScale * ofCentury
	dayOfYear := uint32(scaled) / yearScale / 4
	ofYear := 2141*dayOfYear + 197_913
	year = int64(100*century+scaled>>32) - yearsUp
	month, day = int64(ofYear>>16), int64(ofYear&0xffff/2141)+1
	if dayOfYear >= january {
		year, month = year+1, month-12
	}
	return year, month, day
}

var monthDays = [...]int64{0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

// DaysIn returns how many days a month has, which is 1 to 12.
func DaysIn(year, month int64) int64 {
	if month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0) {
		return 29
	}
	return monthDays[month]
}

// Weekday returns the day of the week: 0 is Sunday, 6 is Saturday.
func Weekday(days int64) int64 {
	_, weekday := ints.FloorDiv(days+4, 7) // 1970-01-01 was a Thursday
	return weekday
}

// Week returns the ISO 8601 week that a day lies in: weeks begin on Monday, and
// week 1 is the one with the year's first Thursday, so that the days around New
// Year's Day may belong to a week of the year beside theirs.
func Week(days int64) (year, week int64) {
	thursday := days - (Weekday(days)+6)%7 + 3
	year, _, _ = Date(thursday)
	return year, (thursday-Days(year, 1, 1))/7 + 1
}
