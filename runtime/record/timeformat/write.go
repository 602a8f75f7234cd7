package timeformat

import (
	"strconv"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/calendar"
)

var (
	months = [...]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
		"November", "December"}
	weekdays = [...]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}
)

// Append appends t as the pattern says; t is the time of a wall clock that is
// offset seconds east of UTC, as if that were UTC. Years have four digits, more
// behind 9999, and a minus before year 0.
func (p *Pattern) Append(to []byte, t record.Time, offset int) []byte {
	days, rest := calendar.Split(int64(t))
	year, month, day := calendar.Date(days)
	for i := range p.steps {
		switch s := &p.steps[i]; s.directive {
		case 0:
			to = append(to, s.literal)
		case 'Y':
			to = s.number(to, year)
		case 'y':
			to = s.number(to, (year%100+100)%100)
		case 'm':
			to = s.number(to, month)
		case 'b':
			to = append(to, months[month-1][:3]...)
		case 'B':
			to = append(to, months[month-1]...)
		case 'd':
			to = s.number(to, day)
		case 'j':
			to = s.number(to, days-calendar.Days(year, 1, 1)+1)
		case 'a':
			to = append(to, weekdays[calendar.Weekday(days)][:3]...)
		case 'A':
			to = append(to, weekdays[calendar.Weekday(days)]...)
		case 'z':
			to = s.offset(to, offset)
		case 'Z':
			if to = append(to, "UTC"...); offset != 0 {
				to = s.offset(to, offset)
			}
		case 's':
			to = strconv.AppendInt(to, days*86_400+rest/1_000_000-int64(offset), 10)
		default:
			to = s.clock(to, rest)
		}
	}
	return to
}

// clock appends a part of the time of day, which is in µs.
func (s *step) clock(to []byte, time int64) []byte {
	hour := time / 3_600_000_000
	switch s.directive {
	case 'H':
		return s.number(to, hour)
	case 'I':
		return s.number(to, (hour+11)%12+1)
	case 'p':
		return append(to, "AMPM"[hour/12*2], 'M')
	case 'M':
		return s.number(to, time/60_000_000%60)
	case 'S':
		return s.number(to, time/1_000_000%60)
	}
	if s.width == 3 {
		return s.number(to, time/1000%1000)
	}
	return s.number(to, time%1_000_000)
}

func (s *step) number(to []byte, v int64) []byte {
	if v < 0 {
		to, v = append(to, '-'), -v
	}
	switch {
	case s.short:
		return strconv.AppendInt(to, v, 10)
	case s.spaced && v < 10:
		return append(to, ' ', byte('0'+v))
	}
	return padded(to, v, s.width)
}

// padded appends v with at least width digits.
func padded(to []byte, v int64, width int) []byte {
	switch {
	case width == 2 && v < 100:
		return append(to, byte('0'+v/10), byte('0'+v%10))
	case width == 4 && v < 10_000:
		return append(to, byte('0'+v/1000), byte('0'+v/100%10), byte('0'+v/10%10), byte('0'+v%10))
	}
	for bound := int64(10); width > 1; width-- {
		if v < bound {
			to = append(to, '0')
		}
		bound *= 10
	}
	return strconv.AppendInt(to, v, 10)
}

func (s *step) offset(to []byte, seconds int) []byte {
	sign := byte('+')
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	to = padded(append(to, sign), int64(seconds/3600), 2)
	if s.colon {
		to = append(to, ':')
	}
	return padded(to, int64(seconds/60%60), 2)
}
