package expr

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
func (p *parser) expr(least precedence) node {
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
func (p *parser) prefix(least precedence) node {
	start := p.tok.start
	switch {
	case p.tok.is("NOT"):
		if least > notLevel {
			p.fail(start, p.tok.end, "NOT binds less tightly than the operator before it; put NOT … in parentheses")
			return &literal{}
		}
		p.advance()
		x := p.expr(notLevel)
		return &unary{p.over(start, x), "NOT", x}
	case p.accept("-"):
		if p.tok.kind == numberToken {
			return p.postfix(start, p.number(start, "-"))
		}
		x := p.expr(negateLevel)
		return &unary{p.over(start, x), "-", x}
	}
	return p.postfix(start, p.primary())
}

// postfix reads what is written behind a value: fields, elements and casts.
func (p *parser) postfix(start int, x node) node {
	for p.err == nil {
		switch {
		case p.accept("."):
			name := p.fieldName()
			x = &field{p.over(start, x), x, name}
		case p.accept("["):
			index := p.expr(lowest)
			p.expect("]", "behind the position in a list")
			x = &element{p.over(start, x, index), x, index}
		case p.accept("::"):
			t := p.typeName(0)
			x = &cast{p.over(start, x), x, t, false}
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
func (p *parser) infix(start int, left node, level precedence) node {
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
	return &binary{p.over(start, left, right), op, left, right}
}

func (p *parser) is(start int, x node) node {
	p.advance()
	not := p.accept("NOT")
	for _, what := range []string{"NULL", "TRUE", "FALSE"} {
		if p.accept(what) {
			return &is{p.over(start, x), x, not, what}
		}
	}
	p.unexpected("NULL, TRUE or FALSE")
	return x
}

// rangeTest reads BETWEEN, LIKE or IN, and NOT in front of it.
func (p *parser) rangeTest(start int, x node) node {
	not := p.accept("NOT")
	switch {
	case p.accept("BETWEEN"):
		low := p.expr(otherLevel)
		p.expect("AND", "of BETWEEN")
		high := p.expr(otherLevel)
		return &between{p.over(start, x, low, high), x, not, low, high}
	case p.tok.isWord("LIKE"), p.tok.isWord("ILIKE"):
		return p.like(start, x, not)
	case !p.accept("IN"):
		p.unexpected("IN, LIKE or BETWEEN")
	}
	p.expect("(", "before the list of IN")
	list := p.list(")")
	return &in{p.over(start, append(list, x)...), x, not, list}
}

func (p *parser) like(start int, x node, not bool) node {
	n := &like{x: x, not: not, folded: p.advance().isWord("ILIKE")}
	n.pattern = p.expr(otherLevel)
	if p.acceptWord("ESCAPE") {
		n.escape = p.expr(otherLevel)
	}
	n.place = p.over(start, n.x, n.pattern, n.escape)
	return n
}

// list reads expressions with commas between them, and what closes them.
func (p *parser) list(end string) []node { return p.listAfter(p.expr(lowest), end) }

// listAfter is list where the first expression has been read.
func (p *parser) listAfter(first node, end string) []node {
	list := []node{first}
	for p.accept(",") {
		list = append(list, p.expr(lowest))
	}
	p.expect(end, "or a comma")
	return list[:len(list):len(list)]
}
