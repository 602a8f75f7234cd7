package expr

import (
	"fmt"

	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/operators/expr/logic"
	"github.com/weirstream/weir/operators/expr/syntax"
	"github.com/weirstream/weir/runtime/excerpt"
	"github.com/weirstream/weir/runtime/record"
)

// typed is a piece of a checked expression: what computes it, from which
// arguments.
type typed struct {
	node  syntax.Node
	typ   record.Type   // zero of a NULL whose type is not known
	fails bool          // some row may fail here or below
	lit   *syntax.Value // of a constant written as such
	build kernel.Builder
	args  []*typed
}

// checker holds the errors so far. A piece with an error is nil, and whatever
// it is part of stays silent about it.
type checker struct {
	text    string
	schema  *record.Schema
	columns []int
	slots   int
	errs    Errors
}

func (c *checker) errorf(n syntax.Node, format string, args ...any) *typed {
	at := n.Where()
	c.errs = append(c.errs, Error{Start: at.Start, End: at.End, Message: fmt.Sprintf(format, args...)})
	return nil
}

func (c *checker) excerpt(n syntax.Node) string {
	return excerpt.Of(c.text[n.Where().Start:n.Where().End])
}

// typed returns a piece computed by build from args; it may fail where an
// argument may.
func (c *checker) typed(n syntax.Node, t record.Type, build kernel.Builder, args ...*typed) *typed {
	x := &typed{node: n, typ: t, build: build, args: args}
	for _, a := range args {
		x.fails = x.fails || a.fails
	}
	return x
}

func (t *typed) isUntyped() bool { return t.typ == record.Type{} }

func (c *checker) check(n syntax.Node) *typed {
	switch n := n.(type) {
	case *syntax.Column:
		return c.column(n)
	case *syntax.Literal:
		return c.literal(n, n.Value)
	case *syntax.Unary:
		return c.operator(n, n.Op, n.X)
	case *syntax.Binary:
		return c.operator(n, n.Op, n.Left, n.Right)
	case *syntax.Is:
		return c.is(n)
	case *syntax.In:
		return c.in(n)
	case *syntax.Between:
		return c.between(n)
	case *syntax.Like:
		return c.like(n)
	case *syntax.Case:
		return c.caseOf(n)
	case *syntax.Cast:
		return c.cast(n)
	case *syntax.Field:
		return c.field(n)
	case *syntax.Element:
		return c.element(n)
	case *syntax.List:
		return c.listOf(n)
	case *syntax.Struct:
		return c.structOf(n)
	case *syntax.AtZone:
		return c.atZone(n)
	case *syntax.Call:
		return c.call(n)
	}
	panic(fmt.Sprintf("expr: no check of %T", n))
}

// all checks every node, so that the errors of all are found; nil if any has one.
func (c *checker) all(nodes ...syntax.Node) []*typed {
	list, ok := make([]*typed, len(nodes)), true
	for i, n := range nodes {
		list[i] = c.check(n)
		ok = ok && list[i] != nil
	}
	if !ok {
		return nil
	}
	return list
}

func (c *checker) literal(n syntax.Node, v syntax.Value) *typed {
	t := c.typed(n, v.Type, kernel.Literal(v))
	t.lit = &v
	return t
}

func (c *checker) operator(n syntax.Node, symbol string, operands ...syntax.Node) *typed {
	args := c.all(operands...)
	if args == nil {
		return nil
	}
	return c.apply(n, operators[symbol], args)
}

func (c *checker) is(n *syntax.Is) *typed {
	x := c.check(n.X)
	if x == nil {
		return nil
	}
	if n.What == "NULL" {
		if x.isUntyped() {
			x = c.convert(x, record.Bool)
		}
		return c.typed(n, record.Bool, logic.IsNull(n.Not), x)
	}
	if x = c.condition(x, "IS "+n.What); x == nil {
		return nil
	}
	return c.typed(n, record.Bool, logic.IsTruth(n.What == "TRUE", n.Not), x)
}

// condition makes x a bool, or reports that it is none.
func (c *checker) condition(x *typed, of string) *typed {
	if x == nil {
		return nil
	}
	if x.isUntyped() {
		return c.convert(x, record.Bool)
	}
	if x.typ != record.Bool {
		return c.errorf(x.node, "%s wants a bool; %s is %v", of, c.excerpt(x.node), x.typ)
	}
	return x
}

func (c *checker) cast(n *syntax.Cast) *typed {
	x := c.check(n.X)
	if x == nil {
		return nil
	}
	if x.isUntyped() {
		return c.convert(x, n.Type)
	}
	if x.typ == n.Type {
		return x.fixed()
	}
	rule, ok := castRuleOf(x.typ, n.Type)
	if !ok {
		return c.errorf(n, "%s is %v, which cannot be cast to %v", c.excerpt(n.X), x.typ, n.Type)
	}
	if n.Try {
		return c.typed(n, n.Type, kernel.Trying(rule.Build), x)
	}
	t := c.typed(n, n.Type, rule.Build, x)
	t.fails = t.fails || rule.Fails
	return t
}
