package jsontext

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// Eight bytes of a string are looked at together, as in A. Mycroft's test for a zero
// byte (H. S. Warren, Hacker's Delight, section 6-1). A sum or difference marks
// bytes by their high bits; marks above the lowest one may be wrong.
const (
	ones        = 0x0101010101010101
	highs       = 0x8080808080808080
	quotes      = ones * '"'
	backslashes = ones * '\\'
	controls    = ones * ' ' // is above all of them
)

// String checks the string whose opening quote stands at a position. It returns the
// position behind the closing one, and whether the string has escapes, for
// [AppendUnquoted] to resolve.
func String(line []byte, at int) (end int, escaped bool, fault *Fault) {
	at++
	for start := at; ; {
		w := binary.LittleEndian.Uint64(line[at:])
		m := (w | (w - controls) | ((w ^ quotes) - ones) | ((w ^ backslashes) - ones)) & highs
		if m == 0 {
			at += 8
			continue
		}
		switch at += bits.TrailingZeros64(m) >> 3; {
		case line[at] == '"':
			return at + 1, escaped, nil
		case line[at] == '\\':
			n := escapeLength(line[at+1:])
			if n == 0 {
				return 0, false, badEscape(line, at)
			}
			at, escaped = at+1+n, true
		case line[at] >= utf8.RuneSelf:
			return wideString(line, start, at, escaped)
		default:
			return 0, false, &Fault{at, Control}
		}
	}
}

// wideString is String from a position on at which the string, whose text begins at
// start, is not ASCII.
func wideString(line []byte, start, at int, escaped bool) (int, bool, *Fault) {
	for {
		w := binary.LittleEndian.Uint64(line[at:])
		q, b := w^quotes, w^backslashes
		m := ((w-controls)&^w | (q-ones)&^q | (b-ones)&^b) & highs
		if m == 0 {
			at += 8
			continue
		}
		switch at += bits.TrailingZeros64(m) >> 3; {
		case line[at] == '"':
			if !utf8.Valid(line[start:at]) {
				return 0, false, notUTF8(line, start)
			}
			return at + 1, escaped, nil
		case line[at] == '\\':
			n := escapeLength(line[at+1:])
			if n == 0 {
				return 0, false, badEscape(line, at)
			}
			at, escaped = at+1+n, true
		default:
			return 0, false, &Fault{at, Control}
		}
	}
}

// notUTF8 finds the first byte that is part of no character, from a position on.
func notUTF8(line []byte, at int) *Fault {
	for {
		r, n := utf8.DecodeRune(line[at:])
		if r == utf8.RuneError && n == 1 {
			return &Fault{at, NotUTF8}
		}
		at += n
	}
}

// Key is [String] where the key of an object has to stand. It returns the position
// behind the colon, too.
func Key(line []byte, at int) (end int, escaped bool, next int, fault *Fault) {
	if line[at] != '"' {
		return 0, false, 0, &Fault{at, NoKey}
	}
	if end, escaped, fault = String(line, at); fault != nil {
		return 0, false, 0, fault
	}
	if next = Blank(line, end); line[next] != ':' {
		return 0, false, 0, &Fault{next, NoColon}
	}
	return end, escaped, next + 1, nil
}
