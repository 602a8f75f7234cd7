// Package wildcard matches texts with the patterns of SQL's LIKE, in which % stands
// for any text and _ for any one character, that is, code point; a byte that is
// no UTF-8 is a character, too.
package wildcard

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"
)

// Pattern is a compiled pattern, which never changes: pieces with any text between
// them, of which the first begins the text and the last ends it. Between them,
// taking the leftmost place for each piece leaves most to those behind it, so
// nothing is tried twice.
type Pattern struct {
	first, last piece
	middle      []piece
	exact       bool // there is no %: first is all
}

// piece is a text of which _ leaves some characters open.
type piece struct {
	runs []run
	text []byte // where no character is left open, else nil
}

func (p *piece) isEmpty() bool { return p.text != nil && len(p.text) == 0 }

// run is a literal text, or, if it is nil, any one character.
type run []byte

var errEscape = errors.New("the pattern ends with its escape character; what follows it must be %, _ or the character itself")

// Compile compiles a pattern; escape is the character that takes the meaning
// from the one behind it, or empty.
func Compile(pattern, escape []byte) (*Pattern, error) {
	var pieces []piece
	var runs []run
	literal := []byte{}
	flush := func() {
		if len(literal) > 0 {
			runs = append(runs, literal)
			literal = []byte{}
		}
	}
	for len(pattern) > 0 {
		_, size := utf8.DecodeRune(pattern)
		character := pattern[:size]
		pattern = pattern[size:]
		switch {
		case len(escape) > 0 && bytes.Equal(character, escape):
			_, size := utf8.DecodeRune(pattern)
			if size == 0 {
				return nil, errEscape
			}
			escaped := pattern[:size]
			if c := string(escaped); c != "%" && c != "_" && !bytes.Equal(escaped, escape) {
				return nil, fmt.Errorf("the escape character of the pattern stands before %q; it may stand before %%, _ and itself", c)
			}
			literal, pattern = append(literal, escaped...), pattern[size:]
		case character[0] == '_':
			flush()
			runs = append(runs, nil)
		case character[0] == '%':
			flush()
			pieces, runs = append(pieces, newPiece(runs)), nil
		default:
			literal = append(literal, character...)
		}
	}
	flush()
	pieces = append(pieces, newPiece(runs))
	return patternOf(pieces), nil
}

func newPiece(runs []run) piece {
	switch {
	case len(runs) == 0:
		return piece{text: []byte{}}
	case len(runs) == 1 && runs[0] != nil:
		return piece{text: runs[0]}
	}
	return piece{runs: runs}
}

// patternOf puts pieces together; empty ones in the middle come from "%%".
func patternOf(pieces []piece) *Pattern {
	p := &Pattern{first: pieces[0], last: pieces[len(pieces)-1], exact: len(pieces) == 1}
	if !p.exact {
		for _, piece := range pieces[1 : len(pieces)-1] {
			if !piece.isEmpty() {
				p.middle = append(p.middle, piece)
			}
		}
	}
	return p
}

// Prefix returns a text if the pattern is one and % behind it, so that
// [bytes.HasPrefix] does what Match does, and in less time.
func (p *Pattern) Prefix() (prefix []byte, ok bool) {
	ok = !p.exact && len(p.middle) == 0 && p.first.text != nil && p.last.isEmpty()
	return p.first.text, ok
}

// Part is Prefix for a text between two %, and [bytes.Contains].
func (p *Pattern) Part() (part []byte, ok bool) {
	if len(p.middle) != 1 || !p.first.isEmpty() || !p.last.isEmpty() {
		return nil, false
	}
	part = p.middle[0].text
	return part, part != nil
}

// Match reports whether a text is as the pattern says, from its beginning to its
// end.
func (p *Pattern) Match(text []byte) bool {
	n := p.first.begins(text)
	if p.exact || n < 0 {
		return n == len(text)
	}
	text = text[n:]
	if n = p.last.ends(text); n < 0 {
		return false
	}
	text = text[:len(text)-n]
	for i := range p.middle {
		if text = p.middle[i].behind(text); text == nil {
			return false
		}
	}
	return true
}

// begins returns how many bytes of the beginning of a text the piece matches, or -1.
func (p *piece) begins(text []byte) int {
	if p.text != nil {
		if bytes.HasPrefix(text, p.text) {
			return len(p.text)
		}
		return -1
	}
	at := 0
	for _, run := range p.runs {
		switch rest := text[at:]; {
		case run == nil && len(rest) > 0:
			at += sizeAt(text, at)
		case run != nil && bytes.HasPrefix(rest, run):
			at += len(run)
		default:
			return -1
		}
	}
	return at
}

// ends is begins for the end of a text.
func (p *piece) ends(text []byte) int {
	if p.text != nil {
		if bytes.HasSuffix(text, p.text) {
			return len(p.text)
		}
		return -1
	}
	rest := text
	for i := len(p.runs) - 1; i >= 0; i-- {
		switch run := p.runs[i]; {
		case run == nil && len(rest) > 0:
			_, size := utf8.DecodeLastRune(rest)
			rest = rest[:len(rest)-size]
		case run != nil && bytes.HasSuffix(rest, run):
			rest = rest[:len(rest)-len(run)]
		default:
			return -1
		}
	}
	return len(text) - len(rest)
}

// behind returns what stands behind the leftmost place in a text that the piece
// matches, or nil where there is none.
func (p *piece) behind(text []byte) []byte {
	if p.text != nil {
		at := bytes.Index(text, p.text)
		if at < 0 {
			return nil
		}
		return text[at+len(p.text):]
	}
	for at := 0; ; at += sizeAt(text, at) {
		if n := p.begins(text[at:]); n >= 0 {
			return text[at+n:]
		}
		if at == len(text) {
			return nil
		}
	}
}

func sizeAt(text []byte, at int) int {
	if text[at] < utf8.RuneSelf {
		return 1
	}
	_, size := utf8.DecodeRune(text[at:])
	return size
}
