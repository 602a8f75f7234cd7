// Package calendar counts days in the proleptic Gregorian calendar, which goes
// on before 1582 as if it had always been in use and has a year 0.
//
// Days are counted from 1970-01-01. The arithmetic is that of Howard Hinnant's
// "chrono-Compatible Low-Level Date Algorithms": a year begins on 1 March, so
// that the leap day is its last, and 400 such years are an era of 146,097 days.
package calendar

const (
	daysPerEra  = 146_097
	epochInEras = 719_468 // days from 0000-03-01 to 1970-01-01
)

// Days returns the day that is a date. A day of the month beyond its last runs
// on into the months behind it.
func Days(year, month, day int64) int64 {
	if month <= 2 {
		year--
	}
	era := floorDiv(year, 400)
	yearOfEra := year - era*400
	dayOfYear := (153*((month+9)%12)+2)/5 + day - 1
	return era*daysPerEra + yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear - epochInEras
}

// Date returns the date of a day; it is the inverse of [Days].
func Date(days int64) (year, month, day int64) {
	days += epochInEras
	era := floorDiv(days, daysPerEra)
	dayOfEra := days - era*daysPerEra
	yearOfEra := (dayOfEra - dayOfEra/1460 + dayOfEra/36_524 - dayOfEra/146_096) / 365
	dayOfYear := dayOfEra - (365*yearOfEra + yearOfEra/4 - yearOfEra/100)
	shifted := (5*dayOfYear + 2) / 153
	day = dayOfYear - (153*shifted+2)/5 + 1
	month = shifted + 3
	if month > 12 {
		month -= 12
	}
	year = yearOfEra + era*400
	if month <= 2 {
		year++
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
	// 1970-01-01 was a Thursday.
	return days + 4 - floorDiv(days+4, 7)*7
}

// Week returns the ISO 8601 week that a day lies in: weeks begin on Monday, and
// week 1 is the one with the year's first Thursday, so that the days around New
// Year's Day may belong to a week of the year beside theirs.
func Week(days int64) (year, week int64) {
	thursday := days - (Weekday(days)+6)%7 + 3
	year, _, _ = Date(thursday)
	return year, (thursday-Days(year, 1, 1))/7 + 1
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
