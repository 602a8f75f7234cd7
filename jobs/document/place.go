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
	c := newCursor(n)
	switch n.style {
	case block:
		c.nextLine()
	case single:
		c.skip()
	}
	for _, r := range n.Text[:offset] {
		if unicode.IsSpace(r) {
			continue
		}
		c.skipSpace()
		c.skip()
		if n.style == single && r == '\'' {
			c.skip() // it is written twice
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
	rest         string // the line from the column on
}

// newCursor begins where a node does.
func newCursor(n *Node) cursor {
	c := cursor{lines: n.origin.lines, line: n.line - 1}
	c.nextLine()
	for c.column < n.column {
		c.skip()
	}
	return c
}

// nextLine moves to the beginning of the next line, if there is one.
func (c *cursor) nextLine() bool {
	if c.line >= len(c.lines) {
		return false
	}
	c.rest = c.lines[c.line]
	c.line, c.column = c.line+1, 1
	return true
}

// skip moves over one character.
func (c *cursor) skip() {
	_, size := utf8.DecodeRuneInString(c.rest)
	c.rest = c.rest[size:]
	c.column++
}

// skipSpace moves to the next character that is no white space, if there is one.
func (c *cursor) skipSpace() {
	for at := *c; ; {
		if trimmed := strings.TrimLeftFunc(at.rest, unicode.IsSpace); trimmed != "" {
			at.column += utf8.RuneCountInString(at.rest[:len(at.rest)-len(trimmed)])
			at.rest = trimmed
			*c = at
			return
		}
		if !at.nextLine() {
			return
		}
	}
}
