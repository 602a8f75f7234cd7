package document

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/weirstream/weir/runtime/component"
)

// style is how a scalar is written, which decides where its characters stand.
type style uint8

const (
	plain   style = iota // as it is, perhaps over several lines
	single               // 'it''s'
	block                // | or >, from the next line on
	unknown              // escapes or substitutions: only the start is known
)

func styleOf(y *yaml.Node) style {
	switch {
	case y.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return block
	case y.Style&yaml.SingleQuotedStyle != 0:
		return single
	case y.Style&yaml.DoubleQuotedStyle != 0:
		return unknown
	}
	return plain
}

// Place returns where byte offset of the node's text stands in the file. Lines
// are folded and indentation is dropped when a scalar is read, but every other
// character is kept, so counting those finds the place.
func (n *Node) Place(offset int) component.Position {
	if n.Kind != Scalar || n.style == unknown || n.origin.lines == nil {
		return n.At()
	}
	offset = min(max(offset, 0), len(n.Text))
	c := cursor{lines: n.origin.lines, line: n.line, column: n.column}
	switch n.style {
	case block:
		c.line, c.column = c.line+1, 1
	case single:
		c.column++
	}
	for _, r := range n.Text[:offset] {
		if unicode.IsSpace(r) {
			continue
		}
		c.skipSpace()
		c.column++
		if n.style == single && r == '\'' {
			c.column++ // it is written twice
		}
	}
	if offset < len(n.Text) {
		c.skipSpace()
	}
	return n.origin.at(c.line, c.column)
}

// cursor is a place in the source; line and column begin with 1, columns count
// characters.
type cursor struct {
	lines        []string
	line, column int
}

// skipSpace moves to the next character that is no white space, if there is one.
func (c *cursor) skipSpace() {
	at := *c
	for at.line <= len(at.lines) {
		rest := tail(at.lines[at.line-1], at.column-1)
		if trimmed := strings.TrimLeftFunc(rest, unicode.IsSpace); trimmed != "" {
			at.column += utf8.RuneCountInString(rest) - utf8.RuneCountInString(trimmed)
			*c = at
			return
		}
		at.line, at.column = at.line+1, 1
	}
}

// tail returns what follows the first n characters of a line.
func tail(line string, n int) string {
	for i := range line {
		if n == 0 {
			return line[i:]
		}
		n--
	}
	return ""
}
