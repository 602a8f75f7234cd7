package jsontext

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// escapeLength returns how long an escape is whose backslash stands before text; 0
// where it stands for no character.
func escapeLength(text []byte) int {
	if plainEscapes[text[0]] != 0 {
		return 1
	}
	_, n := hexEscape(text)
	return n
}

// hexEscape returns the character that an escape with \u stands for whose backslash
// stands before text, and how long it is from there, a pair of surrogates being one
// escape; 0 where it stands for no character. The line feed behind a string that is cut
// short is part of none.
func hexEscape(text []byte) (r rune, n int) {
	if text[0] != 'u' {
		return 0, 0
	}
	r = hex4(text[1:])
	switch {
	case r < 0:
		return 0, 0
	case !utf16.IsSurrogate(r):
		return r, 5
	case text[5] != '\\' || text[6] != 'u':
		return 0, 0
	}
	if r = utf16.DecodeRune(r, hex4(text[7:])); r == utf8.RuneError {
		return 0, 0
	}
	return r, 11
}

// badEscape says what is wrong with the escape at a position.
func badEscape(line []byte, at int) *Fault {
	if line[at+1] == 'u' && hex4(line[at+2:]) >= 0 {
		return &Fault{at, HalfPair}
	}
	return &Fault{at, BadEscape}
}

// AppendUnquoted appends what a string stands for, in its quotes, that [String]
// accepts.
func AppendUnquoted(to, quoted []byte) []byte {
	text := quoted[1 : len(quoted)-1]
	for {
		i := bytes.IndexByte(text, '\\')
		if i < 0 {
			return append(to, text...)
		}
		to, text = append(to, text[:i]...), text[i+1:]
		if c := plainEscapes[text[0]]; c != 0 {
			to, text = append(to, c), text[1:]
			continue
		}
		r, n := hexEscape(text)
		to, text = utf8.AppendRune(to, r), text[n:]
	}
}

// plainEscapes says what the letter behind a backslash stands for.
var plainEscapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// hex4 reads four hexadecimal digits; what is negative is none.
func hex4(text []byte) rune {
	return rune(hex[text[0]])<<12 | rune(hex[text[1]])<<8 | rune(hex[text[2]])<<4 | rune(hex[text[3]])
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
