package expr

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"
)

// likePattern is a compiled pattern of LIKE, in which % stands for any text and
// _ for any one character: pieces with any text between them, of which the first
// begins the text and the last ends it. Between them, taking the leftmost place
// for each piece leaves most to those behind it, so nothing is tried twice.
type likePattern struct {
	first, last likePiece
	middle      []likePiece
	exact       bool // there is no %: first is all
}

// likePiece is text in which _, marked in any, stands for any one character.
type likePiece struct {
	runs []likeRun
	text []byte // where no character is left open, else nil
}

// likeRun is a literal text, or, if it is nil, any one character.
type likeRun []byte

var errEscape = errors.New("the pattern ends with its escape character; what follows it must be %, _ or the character itself")

// compileLike compiles a pattern; escape is the character that takes the meaning
// from the one behind it, or empty.
func compileLike(pattern, escape []byte) (*likePattern, error) {
	var pieces []likePiece
	var runs []likeRun
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
			pieces, runs = append(pieces, newLikePiece(runs)), nil
		default:
			literal = append(literal, character...)
		}
	}
	flush()
	pieces = append(pieces, newLikePiece(runs))
	return likeOf(pieces), nil
}

func newLikePiece(runs []likeRun) likePiece {
	switch {
	case len(runs) == 0:
		return likePiece{text: []byte{}}
	case len(runs) == 1 && runs[0] != nil:
		return likePiece{text: runs[0]}
	}
	return likePiece{runs: runs}
}

// likeOf puts pieces together; empty ones in the middle come from "%%".
func likeOf(pieces []likePiece) *likePattern {
	p := &likePattern{first: pieces[0], last: pieces[len(pieces)-1], exact: len(pieces) == 1}
	if !p.exact {
		for _, piece := range pieces[1 : len(pieces)-1] {
			if piece.text == nil || len(piece.text) > 0 {
				p.middle = append(p.middle, piece)
			}
		}
	}
	return p
}

func (p *likePattern) match(text []byte) bool {
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
func (p *likePiece) begins(text []byte) int {
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
func (p *likePiece) ends(text []byte) int {
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
func (p *likePiece) behind(text []byte) []byte {
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
