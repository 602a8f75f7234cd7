package syntax

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/weirstream/weir/runtime/decimal"
	"github.com/weirstream/weir/runtime/excerpt"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/timeformat"
)

// primary reads a literal, a column, a call, or something in parentheses.
func (p *parser) primary() Node {
	start := p.tok.start
	switch t := p.tok; {
	case t.kind == numberToken:
		return p.number(start, "")
	case t.kind == stringToken:
		p.advance()
		return &Literal{p.over(start), Value{Type: record.String, Text: t.text}}
	case t.kind == nameToken:
		return p.name()
	case p.accept("TRUE"):
		return &Literal{p.over(start), Value{Type: record.Bool, Int: 1}}
	case p.accept("FALSE"):
		return &Literal{p.over(start), Value{Type: record.Bool}}
	case p.accept("NULL"):
		return &Literal{p.over(start), Value{}}
	case p.accept("CASE"):
		return p.caseOf(start)
	case p.accept("CAST"):
		return p.cast(start, false)
	case p.accept("["):
		items := p.list("]")
		return &List{p.over(start, items...), items}
	case p.accept("("):
		x := p.expr(lowest)
		p.expect(")", "or an operator")
		return x
	}
	if written := excerpt.Of(p.lexer.text[start:p.tok.end]); p.tok.kind == keywordToken {
		p.fail(start, p.tok.end, `%s is a keyword and no value; a column of that name is written "%s"`, written, written)
	}
	p.unexpected("a value")
	return &Literal{Place: p.over(start)}
}

// number reads a number; a sign in front of it is part of it, so that the least
// int64 can be written.
func (p *parser) number(start int, sign string) Node {
	t := p.advance()
	text := sign + t.text
	if strings.ContainsAny(text, "eE") {
		f, err := strconv.ParseFloat(text, 64)
		if err != nil {
			p.fail(start, t.end, "%s is out of range of float64", text)
		}
		return &Literal{p.over(start), Value{Type: record.Float64, Float: f}}
	}
	if i, err := strconv.ParseInt(text, 10, 64); err == nil {
		return &Literal{p.over(start), Value{Type: record.Int64, Int: i}}
	}
	v, err := exactNumber(text)
	if err != nil {
		p.fail(start, t.end, "%v", err)
	}
	return &Literal{p.over(start), v}
}

// exactNumber reads digits with or without a point as a decimal of these digits.
// Zeros in front count only directly before the point.
func exactNumber(text string) (Value, error) {
	whole, fraction, _ := strings.Cut(strings.TrimPrefix(text, "-"), ".")
	precision := len(strings.TrimLeft(whole, "0")) + len(fraction)
	if precision <= decimal.MaxPrecision {
		precision = max(precision, min(len(fraction)+1, decimal.MaxPrecision))
	} else {
		return Value{}, fmt.Errorf("%s has more than %d digits; with e0 after it, it is a float64", text, decimal.MaxPrecision)
	}
	t, err := record.DecimalOf(precision, len(fraction))
	if err != nil {
		return Value{}, err
	}
	d, _, err := decimal.Parse([]byte(text), precision, len(fraction))
	return Value{Type: t, Decimal: d}, err
}

// name reads a column, a call or a literal such as DATE '2013-01-31', all of which
// begin with a name.
func (p *parser) name() Node {
	t := p.advance()
	switch {
	case p.tok.is("(") && t.isWord("TRY_CAST"):
		return p.cast(t.start, true)
	case p.tok.is("(") && t.isWord("STRUCT"):
		return p.structOf(t.start)
	case t.isWord("INTERVAL") && (p.tok.kind == stringToken || p.tok.kind == numberToken || p.tok.is("(")):
		return p.interval(t.start)
	case p.tok.is("(") && !t.quoted:
		return p.call(t)
	case t.isWord("TIMESTAMP") && p.tok.kind == stringToken:
		return p.timestamp(t.start)
	case t.isWord("DATE") && p.tok.kind == stringToken:
		return p.date(t.start)
	case t.isWord("X") && p.tok.kind == stringToken && p.tok.start == t.end:
		return p.bytes(t.start)
	}
	return &Column{p.over(t.start), t.text}
}

func (p *parser) timestamp(start int) Node {
	t := p.advance()
	at, err := timeformat.ReadSQL([]byte(strings.TrimSpace(t.text)))
	if err == nil && !writable(at) {
		err = fmt.Errorf("%q is not within the years 0 to 9999 of UTC", t.text)
	}
	if err != nil {
		p.fail(t.start, t.end, "%v", err)
	}
	return &Literal{p.over(start), Value{Type: record.Timestamp, Int: int64(at)}}
}

func (p *parser) date(start int) Node {
	t := p.advance()
	day, err := record.ParseDate([]byte(t.text))
	if err != nil {
		p.fail(t.start, t.end, "%v", err)
	}
	return &Literal{p.over(start), Value{Type: record.Date, Int: int64(day)}}
}

func (p *parser) bytes(start int) Node {
	t := p.advance()
	text, err := hex.DecodeString(t.text)
	if err != nil {
		p.fail(start, t.end, "bytes are written as pairs of hexadecimal digits, such as X'00FF'")
	}
	return &Literal{p.over(start), Value{Type: record.Bytes, Text: string(text)}}
}

// writable reports whether t has an RFC 3339 text; an offset can push a year
// out of its four digits.
func writable(t record.Time) bool {
	again, err := record.ParseTime([]byte(t.String()))
	return err == nil && again == t
}

func (p *parser) caseOf(start int) Node {
	c := &Case{}
	below := []Node{}
	if !p.tok.is("WHEN") {
		c.Operand = p.expr(lowest)
		below = append(below, c.Operand)
	}
	for p.tok.is("WHEN") || len(c.Arms) == 0 && p.err == nil {
		p.expect("WHEN", "of CASE")
		when := p.expr(lowest)
		p.expect("THEN", "of WHEN")
		then := p.expr(lowest)
		c.Arms = append(c.Arms, Arm{when, then})
		below = append(below, when, then)
	}
	if p.accept("ELSE") {
		c.Otherwise = p.expr(lowest)
		below = append(below, c.Otherwise)
	}
	p.expect("END", "of CASE")
	c.Place = p.over(start, below...)
	return c
}

func (p *parser) cast(start int, try bool) Node {
	p.expect("(", "behind CAST")
	x := p.expr(lowest)
	p.expect("AS", "and a type")
	t := p.typeName(0)
	p.expect(")", "of CAST")
	return &Cast{p.over(start, x), x, t, try}
}

// call reads the arguments of a call, whose name has been read, and what may
// stand behind them.
func (p *parser) call(name token) Node {
	p.advance()
	c := &Call{Name: strings.ToLower(name.text)}
	switch {
	case p.accept("*"):
		c.Star = true
		p.expect(")", "behind *")
	case p.accept(")"):
	default:
		c.Distinct = p.accept("DISTINCT")
		p.arguments(c)
	}
	if p.tok.isWord("FILTER") {
		c.Filter = p.filter()
	}
	c.Place = p.over(name.start, append(c.Args, c.Filter)...)
	return c
}

func (p *parser) filter() Node {
	p.advance()
	p.expect("(", "and WHERE after FILTER")
	if !p.tok.isWord("WHERE") {
		p.unexpected("WHERE")
	}
	p.advance()
	condition := p.expr(lowest)
	p.expect(")", "of FILTER")
	return condition
}
