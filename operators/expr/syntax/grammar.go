package syntax

import (
	"strings"

	"github.com/weirstream/weir/runtime/excerpt"
)

// precedence says how tightly an operator binds; they are PostgreSQL's.
type precedence int

const (
	lowest precedence = iota + 1
	orLevel
	andLevel
	notLevel
	isLevel
	compareLevel // not associative: a < b < c is an error
	rangeLevel   // IN, LIKE and BETWEEN; not associative
	otherLevel
	addLevel
	multiplyLevel
	zoneLevel // AT TIME ZONE
	negateLevel
	primaryLevel
)

var binaryLevels = map[string]precedence{
	"OR": orLevel, "AND": andLevel,
	"=": compareLevel, "<>": compareLevel, "!=": compareLevel,
	"<": compareLevel, "<=": compareLevel, ">": compareLevel, ">=": compareLevel, "||": otherLevel,
	"+": addLevel, "-": addLevel, "*": multiplyLevel, "/": multiplyLevel, "%": multiplyLevel,
}

// expr reads an expression whose operators bind at least as tightly as least.
func (p *parser) expr(least precedence) Node {
	start := p.tok.start
	if p.nesting++; p.nesting > maxNesting {
		p.tooDeep(start)
	}
	left := p.prefix(least)
	// below is the level that the next operator must not be at: that of a
	// comparison just read, since comparisons do not chain.
	for below := precedence(0); p.err == nil; {
		level := p.infixLevel()
		if level < least {
			break
		}
		if level == below {
			p.fail(start, p.tok.end, "%s cannot follow %s without parentheses; join comparisons by AND",
				strings.ToUpper(p.tok.text), excerpt.Of(p.lexer.text[start:p.prevEnd]))
			break
		}
		left = p.infix(start, left, level)
		below = 0
		if level == compareLevel || level == rangeLevel {
			below = level
		}
	}
	p.nesting--
	return left
}

// prefix reads what an expression can begin with.
func (p *parser) prefix(least precedence) Node {
	start := p.tok.start
	switch {
	case p.tok.is("NOT"):
		if least > notLevel {
			p.fail(start, p.tok.end, "NOT binds less tightly than the operator before it; put NOT … in parentheses")
			return &Literal{}
		}
		p.advance()
		x := p.expr(notLevel)
		return &Unary{p.over(start, x), "NOT", x}
	case p.accept("-"):
		if p.tok.kind == numberToken {
			return p.postfix(start, p.number(start, "-"))
		}
		x := p.expr(negateLevel)
		return &Unary{p.over(start, x), "-", x}
	}
	return p.postfix(start, p.primary())
}

// postfix reads what is written behind a value: fields, elements and casts.
func (p *parser) postfix(start int, x Node) Node {
	for p.err == nil {
		switch {
		case p.accept("."):
			name := p.fieldName()
			x = &Field{p.over(start, x), x, name}
		case p.accept("["):
			index := p.expr(lowest)
			p.expect("]", "after the position in a list")
			x = &Element{p.over(start, x, index), x, index}
		case p.accept("::"):
			t := p.typeName(0)
			x = &Cast{p.over(start, x), x, t, false}
		default:
			return x
		}
	}
	return x
}

// infixLevel returns how tightly the operator that is next binds; 0 where none is.
func (p *parser) infixLevel() precedence {
	switch {
	case p.tok.isWord("LIKE"), p.tok.isWord("ILIKE"):
		return rangeLevel
	case p.tok.isWord("AT"):
		return zoneLevel
	case p.tok.kind != symbolToken && p.tok.kind != keywordToken:
		return 0
	case p.tok.is("IS"):
		return isLevel
	case p.tok.is("IN"), p.tok.is("BETWEEN"), p.tok.is("NOT"):
		return rangeLevel
	}
	return binaryLevels[p.tok.text]
}

// infix reads an operator and what stands behind it.
func (p *parser) infix(start int, left Node, level precedence) Node {
	switch level {
	case isLevel:
		return p.is(start, left)
	case rangeLevel:
		return p.rangeTest(start, left)
	case zoneLevel:
		return p.atZone(start, left)
	}
	op := p.advance().text
	if op == "!=" {
		op = "<>"
	}
	right := p.expr(level + 1)
	return &Binary{p.over(start, left, right), op, left, right}
}

func (p *parser) is(start int, x Node) Node {
	p.advance()
	not := p.accept("NOT")
	for _, what := range []string{"NULL", "TRUE", "FALSE"} {
		if p.accept(what) {
			return &Is{p.over(start, x), x, not, what}
		}
	}
	p.unexpected("NULL, TRUE or FALSE")
	return x
}

// rangeTest reads BETWEEN, LIKE or IN, and NOT in front of it.
func (p *parser) rangeTest(start int, x Node) Node {
	not := p.accept("NOT")
	switch {
	case p.accept("BETWEEN"):
		low := p.expr(otherLevel)
		p.expect("AND", "of BETWEEN")
		high := p.expr(otherLevel)
		return &Between{p.over(start, x, low, high), x, not, low, high}
	case p.tok.isWord("LIKE"), p.tok.isWord("ILIKE"):
		return p.like(start, x, not)
	case !p.accept("IN"):
		p.unexpected("IN, LIKE or BETWEEN")
	}
	p.expect("(", "before the list of IN")
	list := p.list(")")
	return &In{p.over(start, append(list, x)...), x, not, list}
}

func (p *parser) like(start int, x Node, not bool) Node {
	n := &Like{X: x, Not: not, Folded: p.advance().isWord("ILIKE")}
	n.Pattern = p.expr(otherLevel)
	if p.acceptWord("ESCAPE") {
		n.Escape = p.expr(otherLevel)
	}
	n.Place = p.over(start, n.X, n.Pattern, n.Escape)
	return n
}

// list reads expressions with commas between them, and what closes them.
func (p *parser) list(end string) []Node { return p.listAfter(p.expr(lowest), end) }

// listAfter is list where the first expression has been read.
func (p *parser) listAfter(first Node, end string) []Node {
	list := []Node{first}
	for p.accept(",") {
		list = append(list, p.expr(lowest))
	}
	p.expect(end, "or a comma")
	return list[:len(list):len(list)]
}
