package csv

import (
	"fmt"
	"time"

	"github.com/weirstream/weir/runtime/record"
)

// timestampParser returns the function that reads timestamps written as a
// pattern says: "" is RFC 3339; "s", "ms" and "us" are whole numbers since
// 1970-01-01T00:00:00Z; others consist of %Y %m %d %H %M %S (fixed digits), %f
// (one to six digits of the second), %z (Z, +hh:mm or +hhmm), %% and text that
// stands for itself. Without %z the time is UTC.
func timestampParser(pattern string) (func([]byte) (int64, error), error) {
	switch pattern {
	case "":
		return parseRFC3339, nil
	case "s":
		return scaled(1_000_000), nil
	case "ms":
		return scaled(1000), nil
	case "us":
		return scaled(1), nil
	}
	layout, err := newLayout(pattern)
	if err != nil {
		return nil, err
	}
	return layout.parse, nil
}

func parseRFC3339(cell []byte) (int64, error) {
	t, err := record.ParseTime(cell)
	if err != nil {
		return 0, fmt.Errorf("%w; declare how it is written, as timestamp(s), timestamp(ms), timestamp(us) or timestamp('%%Y-%%m-%%d %%H:%%M:%%S')", err)
	}
	return int64(t), nil
}

// layout is a compiled %-pattern.
type layout struct {
	pattern string
	steps   []step
}

// step is a directive, or a literal byte where directive is 0.
type step struct {
	directive, literal byte
}

func newLayout(pattern string) (layout, error) {
	l := layout{pattern: pattern}
	seen := map[byte]bool{}
	for i := 0; i < len(pattern); i++ {
		c := pattern[i]
		if c != '%' {
			l.steps = append(l.steps, step{literal: c})
			continue
		}
		if i++; i == len(pattern) {
			return l, fmt.Errorf("timestamp pattern %q ends in %%; a percent sign is %%%%", pattern)
		}
		switch c := pattern[i]; {
		case c == '%':
			l.steps = append(l.steps, step{literal: '%'})
		case !isDirective(c):
			return l, fmt.Errorf("timestamp pattern %q: %%%c is not known; known are %%Y %%m %%d %%H %%M %%S %%f %%z %%%%", pattern, c)
		case seen[c]:
			return l, fmt.Errorf("timestamp pattern %q has %%%c twice", pattern, c)
		default:
			seen[c] = true
			l.steps = append(l.steps, step{directive: c})
		}
	}
	if !seen['Y'] || !seen['m'] || !seen['d'] {
		return l, fmt.Errorf("timestamp pattern %q is neither s, ms or us nor has all of %%Y, %%m and %%d", pattern)
	}
	return l, nil
}

func isDirective(c byte) bool {
	switch c {
	case 'Y', 'm', 'd', 'H', 'M', 'S', 'f', 'z':
		return true
	}
	return false
}

// moment is the parts of a timestamp as they are read.
type moment struct {
	year, month, day, hour, minute, second, microsecond, offset int
}

func (l layout) parse(cell []byte) (int64, error) {
	var m moment
	rest, ok := cell, true
	for _, s := range l.steps {
		if s.directive == 0 {
			ok = len(rest) > 0 && rest[0] == s.literal
			rest = rest[min(1, len(rest)):]
		} else {
			rest, ok = m.read(s.directive, rest)
		}
		if !ok {
			break
		}
	}
	if t, valid := m.time(); ok && valid && len(rest) == 0 {
		return t, nil
	}
	return 0, fmt.Errorf("%s is not a timestamp such as the pattern %q describes", shown(cell), l.pattern)
}

// read reads what a directive stands for and returns the text behind it.
func (m *moment) read(directive byte, text []byte) (rest []byte, ok bool) {
	switch directive {
	case 'Y':
		return digits(&m.year, 4, text)
	case 'm':
		return digits(&m.month, 2, text)
	case 'd':
		return digits(&m.day, 2, text)
	case 'H':
		return digits(&m.hour, 2, text)
	case 'M':
		return digits(&m.minute, 2, text)
	case 'S':
		return digits(&m.second, 2, text)
	case 'f':
		return m.fraction(text)
	}
	return m.zone(text)
}

// digits reads a number of exactly n digits.
func digits(to *int, n int, text []byte) ([]byte, bool) {
	if len(text) < n {
		return text, false
	}
	v := 0
	for _, c := range text[:n] {
		if c < '0' || c > '9' {
			return text, false
		}
		v = v*10 + int(c-'0')
	}
	*to = v
	return text[n:], true
}

func (m *moment) fraction(text []byte) ([]byte, bool) {
	n := 0
	for n < min(6, len(text)) && text[n] >= '0' && text[n] <= '9' {
		m.microsecond = m.microsecond*10 + int(text[n]-'0')
		n++
	}
	for i := n; i < 6; i++ {
		m.microsecond *= 10
	}
	return text[n:], n > 0
}

func (m *moment) zone(text []byte) ([]byte, bool) {
	if len(text) > 0 && text[0] == 'Z' {
		return text[1:], true
	}
	if len(text) < 5 || text[0] != '+' && text[0] != '-' {
		return text, false
	}
	var hours, minutes int
	rest, ok := digits(&hours, 2, text[1:])
	if ok && rest[0] == ':' {
		rest = rest[1:]
	}
	if ok {
		rest, ok = digits(&minutes, 2, rest)
	}
	m.offset = hours*3600 + minutes*60
	if text[0] == '-' {
		m.offset = -m.offset
	}
	return rest, ok && hours < 24 && minutes < 60
}

// time returns the instant in µs, unless a part is out of its range.
func (m *moment) time() (int64, bool) {
	t := time.Date(m.year, time.Month(m.month), m.day, m.hour, m.minute, m.second, m.microsecond*1000, time.UTC)
	inRange := m.month >= 1 && m.month <= 12 && t.Day() == m.day && m.hour < 24 && m.minute < 60 && m.second < 60
	return t.UnixMicro() - int64(m.offset)*1_000_000, inRange
}
