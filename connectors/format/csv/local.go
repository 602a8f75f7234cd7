package csv

import (
	"fmt"
	"strings"

	"github.com/weirstream/weir/runtime/excerpt"
	"github.com/weirstream/weir/runtime/record"
)

// localized returns the parser of numbers as the format has them written, from one of
// numbers as they are written elsewhere.
func localized[T record.Fixed](f Format, parse func(cell []byte) (T, error)) fixedParser[T] {
	if f.decimal == '.' && f.thousands == "" {
		return parse
	}
	var number []byte
	return func(cell []byte) (T, error) {
		var ok bool
		if number, ok = f.number(number[:0], cell); !ok {
			var none T
			return none, fmt.Errorf("%s is not a number as this format has them: %s", excerpt.Quoted(cell), f.numbers())
		}
		v, err := parse(number)
		if err != nil && string(number) != string(cell) {
			err = fmt.Errorf("%s: %w", excerpt.Quoted(cell), err)
		}
		return v, err
	}
}

// number appends a number without separators, and with a point before its fraction. It
// returns false for one with a separator in the wrong place.
func (f *Format) number(to, cell []byte) ([]byte, bool) {
	text := string(cell)
	whole, fraction, found := text, "", false
	if i := strings.IndexByte(text, f.decimal); i >= 0 {
		whole, fraction, found = text[:i], text[i+1:], true
	}
	if f.decimal != '.' && (strings.Contains(fraction, ".") || f.thousands != "." && strings.Contains(whole, ".")) {
		return to, false
	}
	to, ok := f.appendGroups(to, whole)
	if found {
		to = append(append(to, '.'), fraction...)
	}
	return to, ok
}

// appendGroups appends a whole number without what separates thousands: groups of three
// digits, of which the first may have fewer.
func (f *Format) appendGroups(to []byte, whole string) ([]byte, bool) {
	if f.thousands == "" || !strings.Contains(whole, f.thousands) {
		return append(to, whole...), true
	}
	ok := true
	for i := 0; ; i++ {
		group, rest, more := strings.Cut(whole, f.thousands)
		digits := strings.TrimLeft(group, "+-")
		if i == 0 {
			ok = len(digits) >= 1 && len(digits) <= 3
		} else {
			ok = ok && len(group) == 3
		}
		ok = ok && strings.Trim(digits, "0123456789") == ""
		if to = append(to, group...); !more {
			return to, ok
		}
		whole = rest
	}
}

// numbers says how numbers are written.
func (f *Format) numbers() string {
	how := fmt.Sprintf("with %q before the fraction", string(f.decimal))
	if f.thousands != "" {
		how += fmt.Sprintf(" and %q between groups of three digits", f.thousands)
	}
	return how
}
