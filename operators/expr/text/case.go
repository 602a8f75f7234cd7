package text

import (
	"unicode"
	"unicode/utf8"

	"github.com/weirstream/weir/operators/expr/kernel"
)

// lower and upper change letters one code point at a time, as Unicode's simple
// mapping says, whatever the language. Bytes that are no UTF-8 stay as they are.

func lowerRows(c *kernel.RowCall, rows []int32) {
	in := c.Args[0]
	for _, row := range rows {
		c.Text = appendLower(c.Text, in.Text(row))
		c.Put(row)
	}
}

func upperRows(c *kernel.RowCall, rows []int32) {
	in := c.Args[0]
	for _, row := range rows {
		c.Text = appendUpper(c.Text, in.Text(row))
		c.Put(row)
	}
}

func appendLower(to, text []byte) []byte {
	start := len(to)
	to = append(to, text...)
	if done := start + flipASCII(to[start:], 'A'); done < len(to) {
		return appendMapped(to[:done], text[done-start:], unicode.ToLower)
	}
	return to
}

func appendUpper(to, text []byte) []byte {
	start := len(to)
	to = append(to, text...)
	if done := start + flipASCII(to[start:], 'a'); done < len(to) {
		return appendMapped(to[:done], text[done-start:], unicode.ToUpper)
	}
	return to
}

// appendMapped appends text with each code point replaced.
func appendMapped(to, text []byte, replace func(rune) rune) []byte {
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if r == utf8.RuneError && size == 1 {
			to = append(to, text[0])
		} else {
			to = utf8.AppendRune(to, replace(r))
		}
		text = text[size:]
	}
	return to
}
