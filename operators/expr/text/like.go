package text

import (
	"bytes"

	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/operators/expr/wildcard"
	"github.com/weirstream/weir/runtime/record"
)

// Like returns the function behind LIKE or, if folded, ILIKE, with what
// stands behind ESCAPE.
func Like(folded bool, escape string) *kernel.Function {
	name := "LIKE"
	if folded {
		name = "ILIKE"
	}
	return &kernel.Function{Name: name, Overloads: []kernel.Overload{{
		Params: texts2, Result: record.Bool, Fails: true,
		Prepare: func(p *kernel.Preparation) kernel.Builder { return prepareLike(p, folded, []byte(escape)) },
	}}}
}

func prepareLike(p *kernel.Preparation, folded bool, escape []byte) kernel.Builder {
	text, constant := p.Text(1)
	if !constant {
		return kernel.EachRowBy(func() kernel.RowLoop { return newLiker(folded, escape).rows })
	}
	pattern, err := wildcard.Compile(likeCase([]byte(text), folded), likeCase(escape, folded))
	if err != nil {
		return p.Wrong(1, "%v", err)
	}
	p.Fails = false
	if folded {
		return kernel.EachRowBy(func() kernel.RowLoop { return foldedLike(pattern) })
	}
	return kernel.EachRow(likeRows(pattern))
}

func likeCase(text []byte, folded bool) []byte {
	if folded {
		return appendLower(nil, text)
	}
	return text
}

// likeRows matches a constant pattern; the common forms have a loop of their own.
func likeRows(p *wildcard.Pattern) kernel.RowLoop {
	if prefix, ok := p.Prefix(); ok {
		return likeBegins(prefix)
	}
	if part, ok := p.Part(); ok {
		return likeContains(part)
	}
	return func(c *kernel.RowCall, rows []int32) {
		in := c.Args[0]
		for _, row := range rows {
			record.SetBit(c.Bits, int(row), p.Match(in.Text(row)))
		}
	}
}

func foldedLike(p *wildcard.Pattern) kernel.RowLoop {
	var lower []byte
	return func(c *kernel.RowCall, rows []int32) {
		in := c.Args[0]
		for _, row := range rows {
			lower = appendLower(lower[:0], in.Text(row))
			record.SetBit(c.Bits, int(row), p.Match(lower))
		}
	}
}

// liker matches patterns that come with the rows.
type liker struct {
	folded   bool
	escape   []byte
	lower    []byte
	patterns kernel.Cache[*wildcard.Pattern]
}

func newLiker(folded bool, escape []byte) *liker {
	l := &liker{folded: folded, escape: likeCase(escape, folded)}
	l.patterns.Compile = func(text string) (*wildcard.Pattern, error) {
		return wildcard.Compile(likeCase([]byte(text), folded), l.escape)
	}
	return l
}

func (l *liker) rows(c *kernel.RowCall, rows []int32) {
	in, patterns := c.Args[0], c.Args[1]
	for _, row := range rows {
		pattern, err := l.patterns.Get(patterns.Text(row))
		if err != nil {
			c.Fail(row, err)
			continue
		}
		text := in.Text(row)
		if l.folded {
			l.lower = appendLower(l.lower[:0], text)
			text = l.lower
		}
		record.SetBit(c.Bits, int(row), pattern.Match(text))
	}
}

func likeBegins(prefix []byte) kernel.RowLoop {
	return func(c *kernel.RowCall, rows []int32) {
		in := c.Args[0]
		for _, row := range rows {
			record.SetBit(c.Bits, int(row), bytes.HasPrefix(in.Text(row), prefix))
		}
	}
}

func likeContains(part []byte) kernel.RowLoop {
	return func(c *kernel.RowCall, rows []int32) {
		in := c.Args[0]
		for _, row := range rows {
			record.SetBit(c.Bits, int(row), bytes.Contains(in.Text(row), part))
		}
	}
}
