package syntax

import (
	"fmt"
	"unicode/utf8"

	"github.com/weirstream/weir/runtime/excerpt"
)

// maxHeight is how deep a syntax tree may be, and so the recursion of whoever
// walks it. maxNesting is how deep the parser may recurse: a tree of maxHeight
// written with parentheses takes less.
const (
	maxHeight  = 200
	maxNesting = 3 * maxHeight
)

// Expr is a parsed expression, not yet checked against a schema. It never
// changes.
type Expr struct {
	Text string // offsets of nodes point into it
	Root Node
}

// Parse reads an expression. What is wrong with the text is found up to its
// first error.
func Parse(text string) (*Expr, Errors) {
	p := newParser(text)
	root := p.expr(lowest)
	p.expectEnd()
	return p.finish(root)
}

// parser is a recursive-descent parser that climbs precedences. After an error
// all that is left reads as the end of the text.
type parser struct {
	lexer   lexer
	tok     token // the next one
	prevEnd int   // where the token before it ended
	nesting int
	err     *Error
}

func newParser(text string) *parser {
	p := &parser{lexer: lexer{text: text}}
	if !utf8.ValidString(text) {
		at := 0
		for size := 0; ; at += size {
			var r rune
			if r, size = utf8.DecodeRuneInString(text[at:]); r == utf8.RuneError && size == 1 {
				break
			}
		}
		p.fail(at, at+1, "the text is not valid UTF-8")
		return p
	}
	p.advance()
	return p
}

// finish returns the expression, or the error.
func (p *parser) finish(root Node) (*Expr, Errors) {
	if p.err != nil {
		return nil, Errors{*p.err}
	}
	return &Expr{p.lexer.text, root}, nil
}

func (p *parser) fail(start, end int, format string, args ...any) {
	if p.err == nil {
		p.err = &Error{start, end, fmt.Sprintf(format, args...)}
	}
	p.tok = token{start: len(p.lexer.text), end: len(p.lexer.text)}
}

// advance moves to the next token and returns the one that it leaves.
func (p *parser) advance() token {
	left := p.tok
	p.prevEnd = left.end
	if p.err != nil {
		return left
	}
	t, err := p.lexer.next()
	if err != nil {
		p.fail(err.Start, err.End, "%s", err.Message)
		return left
	}
	p.tok = t
	return left
}

// accept moves over a keyword or symbol if it is next.
func (p *parser) accept(text string) bool {
	if p.tok.is(text) {
		p.advance()
		return true
	}
	return false
}

// acceptWord moves over a word that has a meaning in this place only.
func (p *parser) acceptWord(upper string) bool {
	if p.tok.isWord(upper) {
		p.advance()
		return true
	}
	return false
}

// expect moves over a keyword or symbol; why says what it is for.
func (p *parser) expect(text, why string) {
	if !p.accept(text) {
		p.unexpected(fmt.Sprintf("%s %s", text, why))
	}
}

func (p *parser) expectEnd() {
	if p.tok.kind != endToken {
		p.unexpected("an operator or the end")
	}
}

// unexpected fails at the next token, saying what should stand there.
func (p *parser) unexpected(wanted string) {
	t := p.tok
	if t.kind == endToken {
		p.fail(t.start, t.end, "the text ends where %s should follow", wanted)
		return
	}
	p.fail(t.start, t.end, "found %s where %s should stand", excerpt.Of(p.lexer.text[t.start:t.end]), wanted)
}

// over returns the place of a node that began at start and ends here.
func (p *parser) over(start int, below ...Node) Place {
	height := 0
	for _, n := range below {
		if n != nil {
			height = max(height, n.Where().height)
		}
	}
	if height >= maxHeight {
		p.tooDeep(start)
	}
	return Place{start, p.prevEnd, height + 1}
}

func (p *parser) tooDeep(start int) {
	p.fail(start, p.prevEnd, "the expression is more than %d levels deep; compute parts of it in a step before, "+
		"and use IN for long lists of alternatives", maxHeight)
}
