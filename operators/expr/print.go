package expr

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/weirstream/weir/runtime/record"
)

// String returns the expression in canonical form: keywords in upper case,
// function names in lower case, single spaces and no parentheses but the needed
// ones. Expressions of equal form mean the same, and parsing the form gives the
// expression again.
func (e *Expr) String() string {
	var b printer
	b.node(e.root, lowest)
	return b.String()
}

type printer struct{ strings.Builder }

// node writes n where an operator of at least the given level is wanted.
func (b *printer) node(n node, least precedence) {
	if levelOf(n) < least {
		b.WriteByte('(')
		b.bare(n)
		b.WriteByte(')')
		return
	}
	b.bare(n)
}

func levelOf(n node) precedence {
	switch n := n.(type) {
	case *binary:
		return binaryLevels[n.op]
	case *unary:
		if n.op == "NOT" {
			return notLevel
		}
		return negateLevel
	case *is:
		return isLevel
	case *in, *between, *like:
		return rangeLevel
	case *atZone:
		return zoneLevel
	}
	return primaryLevel
}

func (b *printer) bare(n node) {
	switch n := n.(type) {
	case *column:
		b.WriteString(Name(n.name))
	case *literal:
		b.value(n.value)
	case *unary:
		b.unary(n)
	case *binary:
		level := binaryLevels[n.op]
		left := level
		if level == compareLevel {
			left++
		}
		b.node(n.left, left)
		b.WriteString(" " + n.op + " ")
		b.node(n.right, level+1)
	case *is:
		b.node(n.x, isLevel)
		b.WriteString(" IS" + notWord(n.not) + " " + n.what)
	case *in:
		b.node(n.x, otherLevel)
		b.WriteString(notWord(n.not) + " IN (")
		b.list(n.list)
		b.WriteByte(')')
	case *between:
		b.node(n.x, otherLevel)
		b.WriteString(notWord(n.not) + " BETWEEN ")
		b.node(n.low, otherLevel)
		b.WriteString(" AND ")
		b.node(n.high, otherLevel)
	case *like:
		b.like(n)
	case *atZone:
		b.node(n.x, zoneLevel)
		b.WriteString(" AT TIME ZONE ")
		b.node(n.zone, negateLevel)
	case *caseOf:
		b.caseOf(n)
	case *cast:
		if n.try {
			b.WriteString("TRY_")
		}
		b.WriteString("CAST(")
		b.node(n.x, lowest)
		b.WriteString(" AS ")
		b.WriteString(n.typ.String() + ")")
	case *field:
		b.operand(n.x)
		b.WriteByte('.')
		b.WriteString(Name(n.name))
	case *element:
		b.operand(n.x)
		b.WriteByte('[')
		b.node(n.index, lowest)
		b.WriteByte(']')
	case *listOf:
		b.WriteByte('[')
		b.list(n.items)
		b.WriteByte(']')
	case *structOf:
		b.structOf(n)
	case *call:
		b.call(n)
	}
}

func (b *printer) like(n *like) {
	word := " LIKE "
	if n.folded {
		word = " ILIKE "
	}
	b.node(n.x, otherLevel)
	b.WriteString(notWord(n.not) + word)
	b.node(n.pattern, otherLevel)
	if n.escape != nil {
		b.WriteString(" ESCAPE ")
		b.node(n.escape, otherLevel)
	}
}

// operand writes what a field or an element is of.
func (b *printer) operand(n node) {
	switch n.(type) {
	case *column, *field, *element, *listOf, *structOf, *call:
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

func (b *printer) unary(n *unary) {
	if n.op == "NOT" {
		b.WriteString("NOT ")
		b.node(n.x, notLevel)
		return
	}
	b.WriteByte('-')
	least := primaryLevel
	if _, ok := n.x.(*literal); ok {
		least++ // "-5" would be a literal again
	}
	b.node(n.x, least)
}

func (b *printer) structOf(n *structOf) {
	b.WriteString("struct(")
	for i, item := range n.items {
		if i > 0 {
			b.WriteString(", ")
		}
		b.node(item, lowest)
		b.WriteString(" AS ")
		b.WriteString(Name(n.names[i]))
	}
	b.WriteByte(')')
}

func (b *printer) list(nodes []node) {
	for i, n := range nodes {
		if i > 0 {
			b.WriteString(", ")
		}
		b.node(n, lowest)
	}
}

func (b *printer) caseOf(n *caseOf) {
	b.WriteString("CASE")
	if n.operand != nil {
		b.WriteByte(' ')
		b.node(n.operand, lowest)
	}
	for _, a := range n.arms {
		b.WriteString(" WHEN ")
		b.node(a.when, lowest)
		b.WriteString(" THEN ")
		b.node(a.then, lowest)
	}
	if n.otherwise != nil {
		b.WriteString(" ELSE ")
		b.node(n.otherwise, lowest)
	}
	b.WriteString(" END")
}

func (b *printer) call(n *call) {
	b.WriteString(n.name + "(")
	switch {
	case n.star:
		b.WriteByte('*')
	case n.distinct:
		b.WriteString("DISTINCT ")
	}
	b.list(n.args)
	b.WriteByte(')')
	if n.filter != nil {
		b.WriteString(" FILTER (WHERE ")
		b.node(n.filter, lowest)
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

func (b *printer) value(v value) {
	if v.isNull() {
		b.WriteString("NULL")
		return
	}
	switch v.typ.Kind {
	case record.KindBool:
		b.WriteString(map[int64]string{0: "FALSE", 1: "TRUE"}[v.i])
	case record.KindInt64:
		b.WriteString(strconv.FormatInt(v.i, 10))
	case record.KindDecimal:
		b.Write(v.d.Append(nil, int(v.typ.Scale)))
	case record.KindFloat64:
		b.WriteString(floatLiteral(v.f))
	case record.KindString:
		b.quote(v.s)
	case record.KindBytes:
		fmt.Fprintf(b, "X'%X'", v.s)
	case record.KindTimestamp:
		b.WriteString("TIMESTAMP ")
		b.quote(record.Time(v.i).String())
	case record.KindDate:
		b.WriteString("DATE ")
		b.quote(string(record.AppendDate(nil, int32(v.i))))
	case record.KindInterval, record.KindMonths:
		b.interval(v)
	}
}

func (b *printer) quote(s string) {
	b.WriteString("'" + strings.ReplaceAll(s, "'", "''") + "'")
}

// floatLiteral writes f so that it reads as a float64 and not as an exact number.
func floatLiteral(f float64) string {
	s := strconv.FormatFloat(f, 'g', -1, 64)
	if !strings.ContainsRune(s, 'e') {
		s += "e0"
	}
	return s
}
