package json

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/weirstream/weir/runtime/excerpt"
)

// Eight bytes of a string are looked at together. A sum or difference marks
// bytes by their high bits; marks above the lowest one may be wrong.
const (
	ones        = 0x0101010101010101
	highs       = 0x8080808080808080
	quotes      = ones * '"'
	backslashes = ones * '\\'
	controls    = ones * ' ' // is above all of them
)

// str checks the string whose opening quote stands before a position, and
// returns the position of the closing one.
func (d *Decoder) str(buf []byte, at int) (end int, escaped bool) {
	start := at
	for {
		w := binary.LittleEndian.Uint64(buf[at:])
		m := (w | (w - controls) | ((w ^ quotes) - ones) | ((w ^ backslashes) - ones)) & highs
		if m == 0 {
			at += 8
			continue
		}
		switch at += bits.TrailingZeros64(m) >> 3; {
		case buf[at] == '"':
			return at, escaped
		case buf[at] == '\\':
			n := escapeLength(buf[at+1:])
			if n == 0 {
				return d.badEscape(buf, at), false
			}
			at, escaped = at+1+n, true
		case buf[at] >= utf8.RuneSelf:
			return d.wideStr(buf, start, at, escaped)
		default:
			return d.control(buf, at), false
		}
	}
}

// wideStr is str from a position on at which the string is not ASCII.
func (d *Decoder) wideStr(buf []byte, start, at int, escaped bool) (int, bool) {
	for {
		w := binary.LittleEndian.Uint64(buf[at:])
		q, b := w^quotes, w^backslashes
		m := ((w-controls)&^w | (q-ones)&^q | (b-ones)&^b) & highs
		if m == 0 {
			at += 8
			continue
		}
		switch at += bits.TrailingZeros64(m) >> 3; {
		case buf[at] == '"':
			if !utf8.Valid(buf[start:at]) {
				return d.notUTF8(buf, start), false
			}
			return at, escaped
		case buf[at] == '\\':
			n := escapeLength(buf[at+1:])
			if n == 0 {
				return d.badEscape(buf, at), false
			}
			at, escaped = at+1+n, true
		default:
			return d.control(buf, at), false
		}
	}
}

// escapeLength returns how long the escape is whose backslash stands before
// text, 0 where it is none.
func escapeLength(text []byte) int {
	switch text[0] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 1
	case 'u':
		for i := 1; i <= 4; i++ {
			if hex[text[i]] < 0 {
				return 0 // the line end behind the text is none, either
			}
		}
		return 5
	}
	return 0
}

// hex is the value of a hexadecimal digit, or -1.
var hex = func() (table [256]int8) {
	for c := range table {
		table[c] = -1
	}
	for i := range int8(10) {
		table['0'+i] = i
	}
	for i := range int8(6) {
		table['a'+i], table['A'+i] = 10+i, 10+i
	}
	return table
}()

// text returns what the string at a position says, and the position behind it.
// The result is valid until the next call.
func (d *Decoder) text(buf []byte, at int) ([]byte, int) {
	end, escaped := d.str(buf, at+1)
	if end < 0 {
		return nil, end
	}
	if !escaped {
		return buf[at+1 : end], end + 1
	}
	text, ok := unescape(d.scratch[:0], buf[at+1:end])
	d.scratch = text
	if !ok {
		return nil, d.fail(at, "%s holds half of a surrogate pair, such as \\ud83d without what has to follow it", excerpt.Of(buf[at:end+1]))
	}
	return text, end + 1
}

// unescape appends what a string says that has been checked. It returns false
// where an escape is half of a character.
func unescape(to, text []byte) ([]byte, bool) {
	for {
		i := bytes.IndexByte(text, '\\')
		if i < 0 {
			return append(to, text...), true
		}
		to = append(to, text[:i]...)
		c := text[i+1]
		text = text[i+2:]
		if c != 'u' {
			to = append(to, plainEscape(c))
			continue
		}
		r := hex4(text)
		text = text[4:]
		if utf16.IsSurrogate(r) {
			if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
				return to, false
			}
			if r = utf16.DecodeRune(r, hex4(text[2:])); r == utf8.RuneError {
				return to, false
			}
			text = text[6:]
		}
		to = utf8.AppendRune(to, r)
	}
}

func plainEscape(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}

func hex4(text []byte) rune {
	return rune(hex[text[0]])<<12 | rune(hex[text[1]])<<8 | rune(hex[text[2]])<<4 | rune(hex[text[3]])
}
