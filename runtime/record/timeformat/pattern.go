// Package timeformat reads and writes timestamps as text of a declared form.
//
// A form is a pattern of directives, those of C's strftime, and of text that
// stands for itself:
//
//	%Y  year, four digits             %H  hour, 00 to 23
//	%y  year, 69 to 99 and 00 to 68   %I  hour, 01 to 12
//	%m  month, 01 to 12               %p  AM or PM
//	%b  month, Jan                    %M  minute
//	%B  month, January                %S  second
//	%d  day of the month, 01 to 31    %f  fraction of the second, six digits
//	%e  the same, " 1" to 31          %3f the same, three digits
//	%j  day of the year, 001 to 366   %z  offset from UTC, +0200
//	%a  weekday, Mon                  %:z offset from UTC, +02:00
//	%A  weekday, Monday               %Z  UTC
//	%s  seconds since 1970            %%  a percent sign
//
// A minus, as in %-d, writes a number without leading zeros. A reader takes as
// many digits as a writer writes, and one digit up to that many where there is a
// minus. Days, months and hours may have one digit, or a space and one, where no digit
// follows. %f is one digit or more, of which six count; %Z is UTC, GMT or Z, and an offset
// may be Z, +02, +0200 or +02:00. Names are English and read in either case; the weekday
// is not compared with the date.
package timeformat

import (
	"fmt"
	"strings"
)

// Pattern is a compiled pattern. It never changes.
type Pattern struct {
	text  string
	steps []step
	seen  [128]bool // by directive
}

// step is a directive, or a literal byte where directive is 0.
type step struct {
	directive, literal byte
	width              int  // digits of a number, at most
	short              bool // written without zeros
	spaced             bool // written with a space for a zero in front
	loose              bool // fewer digits are read, and a space for the first: no digit follows
	colon              bool // of an offset
}

// widths are the directives, with their digits where they are numbers.
var widths = map[byte]int{
	'Y': 4, 'y': 2, 'm': 2, 'd': 2, 'e': 2, 'j': 3, 'H': 2, 'I': 2, 'M': 2, 'S': 2, 'f': 6,
	'b': 0, 'B': 0, 'a': 0, 'A': 0, 'p': 0, 'z': 0, 'Z': 0, 's': 0,
}

const known = "%Y %y %m %b %B %d %e %j %a %A %H %I %p %M %S %f %3f %s %z %:z %Z %%"

// Compile reads a pattern.
func Compile(text string) (*Pattern, error) {
	p := &Pattern{text: text}
	for rest := text; rest != ""; {
		if rest[0] != '%' {
			p.steps = append(p.steps, step{literal: rest[0]})
			rest = rest[1:]
			continue
		}
		s, n, err := p.directive(rest)
		if err != nil {
			return nil, fmt.Errorf("timestamp pattern %q %w", text, err)
		}
		p.steps = append(p.steps, s)
		p.seen[s.directive] = s.directive != 0
		rest = rest[n:]
	}
	p.loosen()
	return p, nil
}

// loosen lets days, months and hours have one digit, as other programs write and read
// them, where it is certain that they have ended: no digit follows.
func (p *Pattern) loosen() {
	for i := range p.steps {
		s := &p.steps[i]
		s.loose = s.short || strings.IndexByte("dmHI", s.directive) >= 0 && (i+1 == len(p.steps) || !p.steps[i+1].isNumber())
	}
}

// isNumber reports whether the text of a step begins with a digit.
func (s *step) isNumber() bool {
	return s.width > 0 || s.directive == 's' || s.directive == 0 && '0' <= s.literal && s.literal <= '9'
}

// directive reads the directive that text begins with, and how long it is.
func (p *Pattern) directive(text string) (s step, n int, err error) {
	modifier, n := byte(0), 1
	if len(text) > 2 && strings.IndexByte("-:3", text[1]) >= 0 {
		modifier, n = text[1], 2
	}
	if n == len(text) {
		return s, 0, fmt.Errorf("ends in %%; a percent sign is %%%%")
	}
	c := text[n]
	n++
	if text[:n] == "%%" {
		return step{literal: '%'}, n, nil
	}
	width, ok := widths[c]
	s = step{directive: c, width: width, spaced: c == 'e'}
	if c == 'e' {
		s.directive = 'd'
	}
	switch modifier {
	case '-':
		s.short, ok = true, ok && width > 0 && c != 'f'
	case ':':
		s.colon, ok = true, c == 'z'
	case '3':
		s.width, ok = 3, c == 'f'
	}
	switch {
	case !ok:
		return s, 0, fmt.Errorf("has %s, which is not known; known are %s", strings.ToValidUTF8(text[:n], "…"), known)
	case p.seen[s.directive]:
		return s, 0, fmt.Errorf("has %s twice", text[:n])
	}
	return s, n, nil
}

// String returns the pattern as it was written.
func (p *Pattern) String() string { return p.text }

// HasOffset reports whether the text that the pattern describes says how far it
// is from UTC.
func (p *Pattern) HasOffset() bool { return p.seen['z'] || p.seen['Z'] || p.seen['s'] }

// Readable returns why the pattern cannot be read, or nil: its directives must
// say which day is meant, and each part of it once.
func (p *Pattern) Readable() error {
	is := func(c byte) int {
		if p.seen[c] {
			return 1
		}
		return 0
	}
	has := func(directives string) (n int) {
		for i := range len(directives) {
			n += is(directives[i])
		}
		return n
	}
	byMonth := has("mbB") == 1 && has("d") == 1 && has("j") == 0
	byDay := has("j") == 1 && has("mbBd") == 0
	switch {
	case has("s") == 1 && has("YymbBdjHIpMSfzZaA") == 0:
		return nil
	case has("s") == 1:
		return fmt.Errorf("timestamp pattern %q says the time twice: %%s is the seconds since 1970; with a fraction they are declared as "+
			"timestamp(s)", p.text)
	case has("z") == 1 && has("Z") == 1:
		return fmt.Errorf("timestamp pattern %q has both %%z and %%Z; one of them says the offset", p.text)
	case has("Yy") != 1 || !byMonth && !byDay:
		return fmt.Errorf("timestamp pattern %q does not say which day is meant: it needs all of %%Y, %%m and %%d, "+
			"or others in their place (%%y; %%b or %%B; %%j for month and day)", p.text)
	case has("HI") > 1 || has("I") != has("p"):
		return fmt.Errorf("timestamp pattern %q does not say which hour is meant: it needs %%H, or %%I and %%p, or none of them", p.text)
	}
	return nil
}
