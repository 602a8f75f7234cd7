package record

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/weirstream/weir/runtime/excerpt"
	"github.com/weirstream/weir/runtime/ints"
	"github.com/weirstream/weir/runtime/record/calendar"
)

// Time is an instant in microseconds since 1970-01-01T00:00:00Z.
type Time int64

// The ends of time. As watermarks, MinTime says that anything may still come
// and MaxTime that nothing will.
const (
	MinTime Time = math.MinInt64
	MaxTime Time = math.MaxInt64
)

// TimeOf returns t cut to whole microseconds.
func TimeOf(t time.Time) Time { return Time(t.UnixMicro()) }

// GoTime returns t as a [time.Time] in UTC.
func (t Time) GoTime() time.Time { return time.UnixMicro(int64(t)).UTC() }

// Add returns t + d, staying at the ends of time where it would pass them.
func (t Time) Add(d time.Duration) Time {
	if t == MinTime || t == MaxTime {
		return t
	}
	return Time(ints.SaturatingAdd(int64(t), d.Microseconds()))
}

// String returns t as RFC 3339 text, or "min" or "max" for the ends of time.
func (t Time) String() string {
	switch t {
	case MinTime:
		return "min"
	case MaxTime:
		return "max"
	}
	return string(AppendTime(nil, t))
}

// AppendTime appends t as RFC 3339 text in UTC, with as many digits of the
// second as t has, and none where it is whole.
func AppendTime(dst []byte, t Time) []byte {
	days, rest := calendar.Split(int64(t))
	year, month, day := calendar.Date(days)
	if year < 0 || year > 9999 {
		return t.GoTime().AppendFormat(dst, time.RFC3339Nano)
	}
	sec, us := rest/1_000_000, rest%1_000_000
	dst = appendDay(dst, year, month, day)
	dst = appendDigits(append(dst, 'T'), sec/3600, 2)
	dst = appendDigits(append(dst, ':'), sec/60%60, 2)
	dst = appendDigits(append(dst, ':'), sec%60, 2)
	if us != 0 {
		dst = appendDigits(append(dst, '.'), us, 6)
		for dst[len(dst)-1] == '0' {
			dst = dst[:len(dst)-1]
		}
	}
	return append(dst, 'Z')
}

func appendDay(dst []byte, year, month, day int64) []byte {
	dst = appendDigits(dst, year, 4)
	dst = appendDigits(append(dst, '-'), month, 2)
	return appendDigits(append(dst, '-'), day, 2)
}

func appendDigits(dst []byte, v int64, width int) []byte {
	var buf [6]byte
	for i := width - 1; i >= 0; i-- {
		buf[i] = byte('0' + v%10)
		v /= 10
	}
	return append(dst, buf[:width]...)
}

// ParseTime reads RFC 3339 text: a date, 'T' or a space, a time, and 'Z' or an offset. Of
// the digits of the second the first six count.
func ParseTime(text []byte) (Time, error) {
	if t, ok := parsePlain(text); ok {
		return t, nil
	}
	s := string(text)
	if len(s) > 10 && (s[10] == ' ' || s[10] == 't') {
		s = s[:10] + "T" + s[11:]
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return 0, fmt.Errorf("%s is not an RFC 3339 timestamp such as 2013-01-01T10:15:00Z", strconv.Quote(excerpt.Of(text)))
	}
	return TimeOf(t), nil
}

// parsePlain reads what programs usually write without an allocation. What it does not
// read may be a time all the same.
func parsePlain(b []byte) (Time, bool) {
	if len(b) < 20 || b[4] != '-' || b[7] != '-' || b[10] != 'T' && b[10] != ' ' || b[13] != ':' || b[16] != ':' {
		return 0, false
	}
	hi, lo, month, day := digits2(b[0:]), digits2(b[2:]), digits2(b[5:]), digits2(b[8:])
	hour, minute, second := digits2(b[11:]), digits2(b[14:]), digits2(b[17:])
	us, rest := parseFraction(b[19:])
	offset, ok := parseOffset(rest)
	if !ok || hi|lo|month|day|hour|minute|second < 0 {
		return 0, false
	}
	year := hi*100 + lo
	if month < 1 || month > 12 || day < 1 || day > calendar.DaysIn(year, month) || hour > 23 || minute > 59 || second > 59 {
		return 0, false
	}
	sec := calendar.Days(year, month, day)*86_400 + hour*3600 + minute*60 + second - offset
	return Time(sec*1_000_000 + us), true
}

// parseFraction reads the part of the second that may stand in front of text, in µs; more
// digits are cut off.
func parseFraction(text []byte) (us int64, rest []byte) {
	if text[0] != '.' || len(text) < 2 || text[1]-'0' > 9 {
		return 0, text
	}
	n := 1
	for ; n <= 6 && n < len(text) && text[n]-'0' <= 9; n++ {
		us = us*10 + int64(text[n]-'0')
	}
	for digits := n; digits <= 6; digits++ {
		us *= 10
	}
	for n < len(text) && text[n]-'0' <= 9 {
		n++
	}
	return us, text[n:]
}

// parseOffset reads Z or an offset such as +02:00, in seconds.
func parseOffset(text []byte) (seconds int64, ok bool) {
	if len(text) == 1 {
		return 0, text[0] == 'Z'
	}
	if len(text) != 6 || text[0] != '+' && text[0] != '-' || text[3] != ':' {
		return 0, false
	}
	hours, minutes := digits2(text[1:]), digits2(text[4:])
	seconds = hours*3600 + minutes*60
	if text[0] == '-' {
		seconds = -seconds
	}
	return seconds, hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60
}

// digits2 returns the value of two decimal digits, or -1.
func digits2(b []byte) int64 {
	tens, ones := b[0]-'0', b[1]-'0'
	if tens > 9 || ones > 9 {
		return -1
	}
	return int64(tens)*10 + int64(ones)
}

// AppendDate appends a day, counted from 1970-01-01, as "2013-01-31"; years that
// do not have four digits, as ISO 8601 extends them: with a sign and at least five.
func AppendDate(dst []byte, days int32) []byte {
	year, month, day := calendar.Date(int64(days))
	if year < 0 || year > 9999 {
		return fmt.Appendf(dst, "%+06d-%02d-%02d", year, month, day)
	}
	return appendDay(dst, year, month, day)
}

// ParseDate reads a day as [AppendDate] writes it, of a year of four digits.
func ParseDate(text []byte) (int32, error) {
	if len(text) == 10 && text[4] == '-' && text[7] == '-' {
		hi, lo, month, day := digits2(text[0:]), digits2(text[2:]), digits2(text[5:]), digits2(text[8:])
		year := hi*100 + lo
		if hi|lo|month|day >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= calendar.DaysIn(year, month) {
			return int32(calendar.Days(year, month, day)), nil
		}
	}
	return 0, fmt.Errorf("%s is not a date such as 2013-01-31", strconv.Quote(excerpt.Of(text)))
}

// AppendFloat appends v as the shortest decimal text that reads back as v:
// plain digits for usual sizes, an exponent for very large and small ones.
func AppendFloat(dst []byte, v float64) []byte {
	format := byte('f')
	if abs := math.Abs(v); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		if abs > math.MaxFloat64 {
			return appendInfinity(dst, v)
		}
		format = 'e'
	}
	return strconv.AppendFloat(dst, v, format, -1, 64)
}

// appendInfinity writes the name that programs in other languages read, too.
func appendInfinity(dst []byte, v float64) []byte {
	if v < 0 {
		dst = append(dst, '-')
	}
	return append(dst, "Infinity"...)
}
