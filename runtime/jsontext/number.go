package jsontext

// Number returns the position behind the number that stands at a position,
//
//	-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?
//
// or, where the grammar knows no such number, the position at which a digit is
// missing. What follows a number is for the caller to look at: of 01 it is 0.
func Number(line []byte, at int) (end int, ok bool) {
	if line[at] == '-' {
		at++
	}
	switch {
	case line[at] == '0':
		at++
	case isDigit(line[at]):
		at = passDigits(line, at)
	default:
		return at, false
	}
	if line[at] == '.' {
		if at++; !isDigit(line[at]) {
			return at, false
		}
		at = passDigits(line, at)
	}
	if line[at]|0x20 == 'e' {
		if at++; line[at] == '+' || line[at] == '-' {
			at++
		}
		if !isDigit(line[at]) {
			return at, false
		}
		at = passDigits(line, at)
	}
	return at, true
}

func isDigit(c byte) bool { return c-'0' <= 9 }

func passDigits(line []byte, at int) int {
	for isDigit(line[at]) {
		at++
	}
	return at
}
