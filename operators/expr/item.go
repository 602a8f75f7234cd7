package expr

import (
	"fmt"
	"slices"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/excerpt"
)

// SelectItem is an expression with the name of the column that it becomes.
type SelectItem struct {
	Name string
	Expr *Expr
}

// ParseSelectItem reads "expr AS name", or a column or a field alone, which keeps
// its name.
// Where nothing but the name is missing, the expression is returned beside the
// error, so that it can be checked all the same.
func ParseSelectItem(text string) (SelectItem, Errors) {
	p := newParser(text)
	root := p.expr(lowest)
	name := p.alias(root)
	e, errs := p.finish(root)
	if errs == nil && name == "" {
		whole := excerpt.Of(text)
		errs = Errors{{0, len(text), fmt.Sprintf("%s needs a name; write: %s AS name", whole, whole)}}
	}
	return SelectItem{name, e}, errs
}

// alias reads "AS name" and the end behind an item. It returns "" where the item
// has no name.
func (p *parser) alias(root node) string {
	if p.tok.is("AS") {
		name := p.columnName()
		p.expectEnd()
		return name
	}
	t := p.tok
	if first, ok := root.(*column); ok && t.kind == nameToken && !t.quoted {
		p.fail(t.start, t.end, "found %s where an operator, AS or the end should stand; a name with a space stands in double quotes: %q",
			t.text, first.name+" "+t.text)
	} else if t.kind != endToken {
		p.unexpected("an operator, AS or the end")
	}
	return ownName(root)
}

// ownName returns the name of a column or field, which what is made of it keeps.
func ownName(n node) string {
	switch n := n.(type) {
	case *column:
		return n.name
	case *field:
		return n.name
	}
	return ""
}

// Unnest is a list with the names of the columns that its elements and, unless
// that is "", their positions become.
type Unnest struct {
	List              *Expr
	Element, Position string
}

// ParseUnnest reads "list AS element", and WITH ORDINALITY AS position behind it.
func ParseUnnest(text string) (Unnest, Errors) {
	p := newParser(text)
	u := Unnest{}
	root := p.expr(lowest)
	if u.Element = p.columnName(); p.acceptWord("WITH") {
		if !p.acceptWord("ORDINALITY") {
			p.unexpected("ORDINALITY")
		}
		u.Position = p.columnName()
	}
	p.expectEnd()
	var errs Errors
	u.List, errs = p.finish(root)
	return u, errs
}

// columnName reads "AS name".
func (p *parser) columnName() string {
	p.expect("AS", "and the name of the new column, as in items AS item,")
	if p.tok.kind != nameToken {
		p.unexpected("the name of the new column")
	}
	return p.advance().text
}

// AggregateCall is a call of an aggregate function. Arguments and filters are
// expressions over single rows; their offsets are those of the whole text.
type AggregateCall struct {
	Func     string // one of [Aggregates]
	Distinct bool
	Star     bool  // count(*); there is no Arg
	Arg      *Expr // nil if Star
	Filter   *Expr // only rows for which it is TRUE count; nil is all

	// Start and End are the byte offsets of the call in its text.
	Start, End int
}

// Aggregates are the names of the aggregate functions, in lower case.
var Aggregates = []string{"count", "sum", "min", "max", "avg"}

// ParseAggregate reads one call of an aggregate function, such as
// "sum(price * 2) FILTER (WHERE price > 0)".
func ParseAggregate(text string) (AggregateCall, Errors) {
	e, errs := Parse(text)
	if errs != nil {
		return AggregateCall{}, errs
	}
	c, ok := e.root.(*call)
	if !ok {
		return AggregateCall{}, Errors{{0, len(text), fmt.Sprintf("%s is not an aggregate such as count(*) or sum(x); compute with its result in a step behind",
			excerpt.Of(text))}}
	}
	if err := c.checkAggregate(); err != nil {
		return AggregateCall{}, Errors{*err}
	}
	a := AggregateCall{Func: c.name, Distinct: c.distinct, Star: c.star, Start: c.start, End: c.end}
	if !c.star {
		a.Arg = &Expr{text, c.args[0]}
	}
	if c.filter != nil {
		a.Filter = &Expr{text, c.filter}
	}
	return a, nil
}

// checkAggregate reports what is wrong with the form of an aggregate call.
func (c *call) checkAggregate() *Error {
	wrong := func(format string, args ...any) *Error {
		return &Error{c.start, c.end, fmt.Sprintf(format, args...)}
	}
	switch {
	case !slices.Contains(Aggregates, c.name):
		return wrong("there is no aggregate %q%s", c.name, component.Known(c.name, Aggregates))
	case c.star && c.name != "count":
		return wrong("%s(*) has no meaning; only count takes *", c.name)
	case c.distinct && c.name != "count":
		return wrong("%s(DISTINCT …) is not known; only count takes DISTINCT", c.name)
	case !c.star && len(c.args) != 1:
		return wrong("%s takes one argument, not %d", c.name, len(c.args))
	}
	return nil
}

// String returns the call in canonical form, as [Expr.String] does.
func (a AggregateCall) String() string {
	c := &call{name: a.Func, star: a.Star, distinct: a.Distinct}
	if a.Arg != nil {
		c.args = []node{a.Arg.root}
	}
	if a.Filter != nil {
		c.filter = a.Filter.root
	}
	return (&Expr{root: c}).String()
}
