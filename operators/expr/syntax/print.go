package syntax

import (
	"strings"

	"github.com/weirstream/weir/runtime/record"
)

// String returns the expression in canonical form: keywords in upper case,
// function names in lower case, single spaces and no parentheses but the needed
// ones. Expressions of equal form mean the same, and parsing the form gives the
// expression again.
func (e *Expr) String() string {
	var b printer
	b.node(e.Root, lowest)
	return b.String()
}

type printer struct{ strings.Builder }

// node writes n where an operator of at least the given level is wanted.
func (b *printer) node(n Node, least precedence) {
	if levelOf(n) < least {
		b.WriteByte('(')
		b.bare(n)
		b.WriteByte(')')
		return
	}
	b.bare(n)
}

func levelOf(n Node) precedence {
	switch n := n.(type) {
	case *Binary:
		return binaryLevels[n.Op]
	case *Unary:
		if n.Op == "NOT" {
			return notLevel
		}
		return negateLevel
	case *Is:
		return isLevel
	case *In, *Between, *Like:
		return rangeLevel
	case *AtZone:
		return zoneLevel
	}
	return primaryLevel
}

func (b *printer) bare(n Node) {
	switch n := n.(type) {
	case *Column:
		b.WriteString(Name(n.Name))
	case *Literal:
		b.WriteString(n.Value.String())
	case *Unary:
		b.unary(n)
	case *Binary:
		level := binaryLevels[n.Op]
		left := level
		if level == compareLevel {
			left++
		}
		b.node(n.Left, left)
		b.WriteString(" " + n.Op + " ")
		b.node(n.Right, level+1)
	case *Is:
		b.node(n.X, isLevel)
		b.WriteString(" IS" + notWord(n.Not) + " " + n.What)
	case *In:
		b.node(n.X, otherLevel)
		b.WriteString(notWord(n.Not) + " IN (")
		b.list(n.List)
		b.WriteByte(')')
	case *Between:
		b.node(n.X, otherLevel)
		b.WriteString(notWord(n.Not) + " BETWEEN ")
		b.node(n.Low, otherLevel)
		b.WriteString(" AND ")
		b.node(n.High, otherLevel)
	case *Like:
		b.like(n)
	case *AtZone:
		b.node(n.X, zoneLevel)
		b.WriteString(" AT TIME ZONE ")
		b.node(n.Zone, negateLevel)
	case *Case:
		b.caseOf(n)
	case *Cast:
		if n.Try {
			b.WriteString("TRY_")
		}
		b.WriteString("CAST(")
		b.node(n.X, lowest)
		b.WriteString(" AS ")
		b.WriteString(n.Type.String() + ")")
	case *Field:
		b.operand(n.X)
		b.WriteByte('.')
		b.WriteString(Name(n.Name))
	case *Element:
		b.operand(n.X)
		b.WriteByte('[')
		b.node(n.Index, lowest)
		b.WriteByte(']')
	case *List:
		b.WriteByte('[')
		b.list(n.Items)
		b.WriteByte(']')
	case *Struct:
		b.structOf(n)
	case *Call:
		b.call(n)
	}
}

func (b *printer) like(n *Like) {
	word := " LIKE "
	if n.Folded {
		word = " ILIKE "
	}
	b.node(n.X, otherLevel)
	b.WriteString(notWord(n.Not) + word)
	b.node(n.Pattern, otherLevel)
	if n.Escape != nil {
		b.WriteString(" ESCAPE ")
		b.node(n.Escape, otherLevel)
	}
}

// operand writes what a field or an element is of.
func (b *printer) operand(n Node) {
	switch n.(type) {
	case *Column, *Field, *Element, *List, *Struct, *Call:
		b.bare(n)
	default:
		b.WriteByte('(')
		b.bare(n)
		b.WriteByte(')')
	}
}

func notWord(not bool) string {
	if not {
		return " NOT"
	}
	return ""
}

func (b *printer) unary(n *Unary) {
	if n.Op == "NOT" {
		b.WriteString("NOT ")
		b.node(n.X, notLevel)
		return
	}
	b.WriteByte('-')
	least := primaryLevel
	if _, ok := n.X.(*Literal); ok {
		least++ // "-5" would be a literal again
	}
	b.node(n.X, least)
}

func (b *printer) structOf(n *Struct) {
	b.WriteString("struct(")
	for i, item := range n.Items {
		if i > 0 {
			b.WriteString(", ")
		}
		b.node(item, lowest)
		b.WriteString(" AS ")
		b.WriteString(Name(n.Names[i]))
	}
	b.WriteByte(')')
}

func (b *printer) list(nodes []Node) {
	for i, n := range nodes {
		if i > 0 {
			b.WriteString(", ")
		}
		b.node(n, lowest)
	}
}

func (b *printer) caseOf(n *Case) {
	b.WriteString("CASE")
	if n.Operand != nil {
		b.WriteByte(' ')
		b.node(n.Operand, lowest)
	}
	for _, a := range n.Arms {
		b.WriteString(" WHEN ")
		b.node(a.When, lowest)
		b.WriteString(" THEN ")
		b.node(a.Then, lowest)
	}
	if n.Otherwise != nil {
		b.WriteString(" ELSE ")
		b.node(n.Otherwise, lowest)
	}
	b.WriteString(" END")
}

func (b *printer) call(n *Call) {
	b.WriteString(n.Name + "(")
	switch {
	case n.Star:
		b.WriteByte('*')
	case n.Distinct:
		b.WriteString("DISTINCT ")
	}
	b.list(n.Args)
	b.WriteByte(')')
	if n.Filter != nil {
		b.WriteString(" FILTER (WHERE ")
		b.node(n.Filter, lowest)
		b.WriteByte(')')
	}
}

// Name returns the name of a column or field as expressions write it: in double
// quotes where it would not read as a name without.
func Name(name string) string {
	l := lexer{text: name}
	if t, err := l.next(); err == nil && t.kind == nameToken && !t.quoted && t.end == len(name) && t.start == 0 {
		return name
	}
	return record.QuoteName(name)
}
