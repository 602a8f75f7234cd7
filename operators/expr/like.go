package expr

import (
	"bytes"

	"github.com/weirstream/weir/operators/expr/wildcard"
	"github.com/weirstream/weir/runtime/record"
)

// likeOperator returns the function behind LIKE or, if folded, ILIKE, with what
// stands behind ESCAPE.
func likeOperator(folded bool, escape string) *function {
	name := "LIKE"
	if folded {
		name = "ILIKE"
	}
	return &function{name: name, overloads: []overload{{
		params: texts2, result: record.Bool, fails: true,
		prepare: func(p *preparation) builder { return prepareLike(p, folded, []byte(escape)) },
	}}}
}

func prepareLike(p *preparation, folded bool, escape []byte) builder {
	text, constant := p.text(1)
	if !constant {
		return eachRowBy(func() rowLoop { return newLiker(folded, escape).rows })
	}
	pattern, err := wildcard.Compile(likeCase([]byte(text), folded), likeCase(escape, folded))
	if err != nil {
		return p.wrong(1, "%v", err)
	}
	p.fails = false
	if folded {
		return eachRowBy(func() rowLoop { return foldedLike(pattern) })
	}
	return eachRow(likeRows(pattern))
}

func likeCase(text []byte, folded bool) []byte {
	if folded {
		return appendLower(nil, text)
	}
	return text
}

// likeRows matches a constant pattern; the common forms have a loop of their own.
func likeRows(p *wildcard.Pattern) rowLoop {
	if prefix, ok := p.Prefix(); ok {
		return likeBegins(prefix)
	}
	if part, ok := p.Part(); ok {
		return likeContains(part)
	}
	return func(c *rowCall, rows []int32) {
		in := c.args[0]
		for _, row := range rows {
			record.SetBit(c.bits, int(row), p.Match(in.text(row)))
		}
	}
}

func foldedLike(p *wildcard.Pattern) rowLoop {
	var lower []byte
	return func(c *rowCall, rows []int32) {
		in := c.args[0]
		for _, row := range rows {
			lower = appendLower(lower[:0], in.text(row))
			record.SetBit(c.bits, int(row), p.Match(lower))
		}
	}
}

// liker matches patterns that come with the rows.
type liker struct {
	folded   bool
	escape   []byte
	lower    []byte
	patterns cache[*wildcard.Pattern]
}

func newLiker(folded bool, escape []byte) *liker {
	l := &liker{folded: folded, escape: likeCase(escape, folded)}
	l.patterns.compile = func(text string) (*wildcard.Pattern, error) {
		return wildcard.Compile(likeCase([]byte(text), folded), l.escape)
	}
	return l
}

func (l *liker) rows(c *rowCall, rows []int32) {
	in, patterns := c.args[0], c.args[1]
	for _, row := range rows {
		pattern, err := l.patterns.get(patterns.text(row))
		if err != nil {
			c.fail(row, err)
			continue
		}
		text := in.text(row)
		if l.folded {
			l.lower = appendLower(l.lower[:0], text)
			text = l.lower
		}
		record.SetBit(c.bits, int(row), pattern.Match(text))
	}
}

func likeBegins(prefix []byte) rowLoop {
	return func(c *rowCall, rows []int32) {
		in := c.args[0]
		for _, row := range rows {
			record.SetBit(c.bits, int(row), bytes.HasPrefix(in.text(row), prefix))
		}
	}
}

func likeContains(part []byte) rowLoop {
	return func(c *rowCall, rows []int32) {
		in := c.args[0]
		for _, row := range rows {
			record.SetBit(c.bits, int(row), bytes.Contains(in.text(row), part))
		}
	}
}
