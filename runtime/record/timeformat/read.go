package timeformat

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/weirstream/weir/runtime/excerpt"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/calendar"
)

// moment is the parts of a timestamp as they are read.
type moment struct {
	year, month, day, dayOfYear, hour, minute, second, microsecond int64
	offset                                                         int64 // seconds east of UTC
	since                                                          int64 // seconds, of a number since 1970
	pm                                                             bool
}

// Read returns the time that text tells: the instant where the pattern has an
// offset, else the wall clock's time, as if that were UTC. The pattern must be
// [Pattern.Readable].
func (p *Pattern) Read(text []byte) (record.Time, error) {
	m := moment{month: 1, day: 1}
	rest, ok := text, true
	for i := range p.steps {
		if s := &p.steps[i]; s.directive == 0 {
			ok = len(rest) > 0 && rest[0] == s.literal
			rest = rest[min(1, len(rest)):]
		} else {
			rest, ok = m.read(s, rest)
		}
		if !ok {
			break
		}
	}
	if ok && len(rest) == 0 && m.complete(p) {
		return m.time(), nil
	}
	return 0, fmt.Errorf("%s is not a timestamp such as the pattern %q describes", excerpt.Quoted(text), p.text)
}

// read reads what a directive stands for and returns the text behind it.
func (m *moment) read(s *step, text []byte) (rest []byte, ok bool) {
	switch s.directive {
	case 'Y', 'y':
		return digits(&m.year, s, text)
	case 'm':
		return digits(&m.month, s, text)
	case 'b':
		return name(&m.month, months[:], 3, text)
	case 'B':
		return name(&m.month, months[:], 0, text)
	case 'd':
		return digits(&m.day, s, text)
	case 'j':
		return digits(&m.dayOfYear, s, text)
	case 'H', 'I':
		return digits(&m.hour, s, text)
	case 'M':
		return digits(&m.minute, s, text)
	case 'S':
		return digits(&m.second, s, text)
	case 'f':
		return m.fraction(s, text)
	case 'p':
		return m.half(text)
	case 'z':
		return m.zone(text)
	case 'Z':
		return universal(text)
	case 's':
		return m.epoch(text)
	}
	var weekday int64
	if s.directive == 'a' {
		return name(&weekday, weekdays[:], 3, text)
	}
	return name(&weekday, weekdays[:], 0, text)
}

// digits reads a number of as many digits as s says, or of one up to that many.
func digits(to *int64, s *step, text []byte) ([]byte, bool) {
	if s.loose && len(text) > 1 && text[0] == ' ' && s.width == 2 {
		return digits(to, oneDigit, text[1:])
	}
	n, v := 0, int64(0)
	for n < min(s.width, len(text)) && text[n] >= '0' && text[n] <= '9' {
		v = v*10 + int64(text[n]-'0')
		n++
	}
	*to = v
	return text[n:], n == s.width || s.loose && n > 0
}

var oneDigit = &step{width: 1}

// universal reads the name of the only zone that names have no two meanings of.
func universal(text []byte) ([]byte, bool) {
	for _, name := range [...]string{"UTC", "GMT", "Z"} {
		if len(text) >= len(name) && string(text[:len(name)]) == name {
			return text[len(name):], true
		}
	}
	return text, false
}

// epoch reads seconds since 1970.
func (m *moment) epoch(text []byte) ([]byte, bool) {
	n := 0
	if len(text) > 0 && text[0] == '-' {
		n = 1
	}
	for n < len(text) && text[n]-'0' <= 9 {
		n++
	}
	v, err := strconv.ParseInt(string(text[:n]), 10, 64)
	m.since, m.year = v, 1970
	return text[n:], err == nil && v >= first/1_000_000 && v <= last/1_000_000
}

// name reads one of names, or its first letters where short says how many, and
// stores its number, which counts from 1.
func name(to *int64, names []string, short int, text []byte) ([]byte, bool) {
	for i, name := range names {
		if short > 0 {
			name = name[:short]
		}
		if len(text) >= len(name) && bytes.EqualFold(text[:len(name)], []byte(name)) {
			*to = int64(i + 1)
			return text[len(name):], true
		}
	}
	return text, false
}

func (m *moment) fraction(s *step, text []byte) ([]byte, bool) {
	n := 0
	for n < min(s.width, len(text)) && text[n] >= '0' && text[n] <= '9' {
		m.microsecond = m.microsecond*10 + int64(text[n]-'0')
		n++
	}
	for i := n; i < 6; i++ {
		m.microsecond *= 10
	}
	ok := n == s.width || s.width == 6 && n > 0
	for s.width == 6 && n < len(text) && text[n]-'0' <= 9 { // what is finer than a microsecond
		n++
	}
	return text[n:], ok
}

func (m *moment) half(text []byte) ([]byte, bool) {
	if len(text) < 2 || text[1]|' ' != 'm' || text[0]|' ' != 'a' && text[0]|' ' != 'p' {
		return text, false
	}
	m.pm = text[0]|' ' == 'p'
	return text[2:], true
}

var twoDigits = &step{width: 2}

// zone reads Z, +02, +0200 or +02:00.
func (m *moment) zone(text []byte) ([]byte, bool) {
	if len(text) > 0 && text[0] == 'Z' {
		return text[1:], true
	}
	if len(text) < 3 || text[0] != '+' && text[0] != '-' {
		return text, false
	}
	var hours, minutes int64
	rest, ok := digits(&hours, twoDigits, text[1:])
	switch {
	case ok && len(rest) > 0 && rest[0] == ':':
		rest, ok = digits(&minutes, twoDigits, rest[1:])
	case ok && len(rest) > 1 && rest[0]-'0' <= 9:
		rest, ok = digits(&minutes, twoDigits, rest)
	}
	m.offset = hours*3600 + minutes*60
	if text[0] == '-' {
		m.offset = -m.offset
	}
	return rest, ok && hours < 24 && minutes < 60
}

// complete puts together what several directives say, and reports whether each
// part is in its range.
func (m *moment) complete(p *Pattern) bool {
	if p.seen['y'] {
		if m.year += 1900; m.year < 1969 {
			m.year += 100
		}
	}
	if p.seen['I'] {
		if m.hour < 1 || m.hour > 12 {
			return false
		}
		if m.hour %= 12; m.pm {
			m.hour += 12
		}
	}
	if p.seen['j'] {
		m.day = m.dayOfYear
		if m.day < 1 || m.day > 337+calendar.DaysIn(m.year, 2) {
			return false
		}
	} else if m.month < 1 || m.month > 12 || m.day < 1 || m.day > calendar.DaysIn(m.year, m.month) {
		return false
	}
	return m.hour < 24 && m.minute < 60 && m.second < 60
}

func (m *moment) time() record.Time {
	days := calendar.Days(m.year, m.month, 1) + m.day - 1
	seconds := m.since + days*86_400 + m.hour*3600 + m.minute*60 + m.second - m.offset
	return record.Time(seconds*1_000_000 + m.microsecond)
}
