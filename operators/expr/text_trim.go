package expr

import (
	"bytes"
	"unicode/utf8"
)

// Trimming takes spaces away, as SQL does, and not other white space; with a
// second argument all characters of that.

type sides struct{ left, right bool }

func trimming(s sides) rowLoop {
	return func(c *rowCall, rows []int32) {
		in := c.args[0]
		for _, row := range rows {
			c.text = append(c.text, trimSpaces(in.text(row), s)...)
			c.put(row)
		}
	}
}

func trimmingSet(s sides) rowLoop {
	return func(c *rowCall, rows []int32) {
		in, set := c.args[0], c.args[1]
		for _, row := range rows {
			c.text = append(c.text, trimSet(in.text(row), set.text(row), s)...)
			c.put(row)
		}
	}
}

func trimSpaces(text []byte, s sides) []byte {
	for s.left && len(text) > 0 && text[0] == ' ' {
		text = text[1:]
	}
	for s.right && len(text) > 0 && text[len(text)-1] == ' ' {
		text = text[:len(text)-1]
	}
	return text
}

// trimSet takes characters of set away.
func trimSet(text, set []byte, s sides) []byte {
	for s.left && len(text) > 0 {
		_, size := utf8.DecodeRune(text)
		if !hasCharacter(set, text[:size]) {
			break
		}
		text = text[size:]
	}
	for s.right && len(text) > 0 {
		_, size := utf8.DecodeLastRune(text)
		if !hasCharacter(set, text[len(text)-size:]) {
			break
		}
		text = text[:len(text)-size]
	}
	return text
}

// hasCharacter reports whether a character, one code point or a byte that is no
// UTF-8, is one of set.
func hasCharacter(set, character []byte) bool {
	if len(character) > 1 || character[0] < utf8.RuneSelf {
		return bytes.Contains(set, character)
	}
	for len(set) > 0 {
		_, size := utf8.DecodeRune(set)
		if bytes.Equal(set[:size], character) {
			return true
		}
		set = set[size:]
	}
	return false
}
