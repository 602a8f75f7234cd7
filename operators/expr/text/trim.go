package text

import (
	"bytes"
	"unicode/utf8"

	"github.com/weirstream/weir/operators/expr/kernel"
)

// Trimming takes spaces away, as SQL does, and not other white space; with a
// second argument all characters of that.

type sides struct{ left, right bool }

func trimming(s sides) kernel.RowLoop {
	return func(c *kernel.RowCall, rows []int32) {
		in := c.Args[0]
		for _, row := range rows {
			c.Text = append(c.Text, trimSpaces(in.Text(row), s)...)
			c.Put(row)
		}
	}
}

func trimmingSet(s sides) kernel.RowLoop {
	return func(c *kernel.RowCall, rows []int32) {
		in, set := c.Args[0], c.Args[1]
		for _, row := range rows {
			c.Text = append(c.Text, trimSet(in.Text(row), set.Text(row), s)...)
			c.Put(row)
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
