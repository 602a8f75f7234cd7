package syntax

import (
	"fmt"

	"github.com/weirstream/weir/runtime/excerpt"
)

// SelectItem is an expression with the name of the column that it becomes.
type SelectItem struct {
	Name string
	Expr *Expr
}

// ParseSelectItem reads "expr AS name", or a column or a field alone, which keeps
// its name. Where nothing but the name is missing, the expression is returned
// beside the error, so that it can be checked all the same.
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
func (p *parser) alias(root Node) string {
	if p.tok.is("AS") {
		name := p.columnName()
		p.expectEnd()
		return name
	}
	t := p.tok
	if first, ok := root.(*Column); ok && t.kind == nameToken && !t.quoted {
		p.fail(t.start, t.end, "found %s where an operator, AS or the end should stand; a name with a space is written in double quotes: %q",
			t.text, first.Name+" "+t.text)
	} else if t.kind != endToken {
		p.unexpected("an operator, AS or the end")
	}
	return ownName(root)
}

// ownName returns the name of a column or field, which what is made of it keeps.
func ownName(n Node) string {
	switch n := n.(type) {
	case *Column:
		return n.Name
	case *Field:
		return n.Name
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
