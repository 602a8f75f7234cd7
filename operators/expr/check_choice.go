package expr

import (
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/operators/expr/logic"
	"github.com/weirstream/weir/operators/expr/number"
	"github.com/weirstream/weir/operators/expr/syntax"
	"github.com/weirstream/weir/runtime/record"
)

// What is checked here is made of simpler pieces: BETWEEN of two comparisons,
// a simple CASE of a searched one, IN of comparisons unless its list is literal.

// once returns x as something that can be used many times and is computed once,
// and a function that wraps the result of the use.
func (c *checker) once(x *typed) (use *typed, wrap func(*typed) *typed) {
	if len(x.args) == 0 || x.isUntyped() {
		return x, func(t *typed) *typed { return t }
	}
	slot := c.slots
	c.slots++
	use = &typed{node: x.node, typ: x.typ, build: kernel.Slot(slot)}
	return use, func(t *typed) *typed {
		if t == nil {
			return nil
		}
		return c.typed(t.node, t.typ, kernel.Let(slot), x, t)
	}
}

func (c *checker) between(n *syntax.Between) *typed {
	args := c.all(n.X, n.Low, n.High)
	if args == nil {
		return nil
	}
	x, wrap := c.once(args[0])
	low := c.apply(n.Low, operators[">="], []*typed{x, args[1]})
	high := c.apply(n.High, operators["<="], []*typed{x, args[2]})
	if low == nil || high == nil {
		return nil
	}
	return wrap(c.negate(n, n.Not, c.apply(n, operators["AND"], []*typed{low, high})))
}

// negate returns NOT x if not.
func (c *checker) negate(n syntax.Node, not bool, x *typed) *typed {
	if !not || x == nil {
		return x
	}
	return c.apply(n, operators["NOT"], []*typed{x})
}

func (c *checker) in(n *syntax.In) *typed {
	args := c.all(append([]syntax.Node{n.X}, n.List...)...)
	if args == nil {
		return nil
	}
	if set := c.literalSet(args); set != nil {
		return c.negate(n, n.Not, c.typed(n, record.Bool, logic.In(args[0].typ, set), args[0]))
	}
	x, wrap := c.once(args[0])
	var found *typed
	ok := true
	for i, item := range args[1:] {
		equal := c.apply(n.List[i], operators["="], []*typed{x, item})
		if equal == nil {
			ok = false
			continue
		}
		if found != nil {
			equal = c.apply(n, operators["OR"], []*typed{found, equal})
		}
		found = equal
	}
	if !ok {
		return nil
	}
	return wrap(c.negate(n, n.Not, found))
}

// literalSet returns the values of a list that are literals of the type of what
// is looked for, args[0], or become such, or NULL; nil if the list has others. The
// values stand behind args[0].
func (c *checker) literalSet(args []*typed) []syntax.Value {
	t := args[0].typ
	if args[0].isUntyped() || t == record.Bool || t.IsNested() {
		return nil
	}
	set := make([]syntax.Value, 0, len(args)-1)
	for _, item := range args[1:] {
		if item.lit == nil {
			return nil
		}
		v, ok := literalAs(*item.lit, t)
		switch {
		case ok:
			set = append(set, v)
		case !number.IsExact(t) || !number.IsExact(item.typ):
			return nil
		} // else no t equals it
	}
	return set
}

func (c *checker) caseOf(n *syntax.Case) *typed {
	operand, wrap := (*typed)(nil), func(t *typed) *typed { return t }
	ok := true
	if n.Operand != nil {
		if operand = c.check(n.Operand); operand != nil {
			operand, wrap = c.once(operand)
		} else {
			ok = false
		}
	}
	var whens, thens []*typed
	for _, a := range n.Arms {
		when, then := c.when(n, operand, a.When), c.check(a.Then)
		ok = ok && when != nil && then != nil
		whens, thens = append(whens, when), append(thens, then)
	}
	if n.Otherwise != nil {
		otherwise := c.check(n.Otherwise)
		ok = ok && otherwise != nil
		thens = append(thens, otherwise)
	}
	if !ok {
		return nil
	}
	t, thens := c.unify(thens, "the results of CASE")
	if thens == nil {
		return nil
	}
	return wrap(c.typed(n, t, logic.Case(len(whens)), append(whens, thens...)...))
}

// when checks what stands behind WHEN: a condition, or a value to be compared
// with the operand.
func (c *checker) when(n *syntax.Case, operand *typed, when syntax.Node) *typed {
	x := c.check(when)
	if x == nil || n.Operand == nil {
		return c.condition(x, "WHEN")
	}
	if operand == nil {
		return nil
	}
	return c.apply(when, operators["="], []*typed{operand, x})
}

// nullif is CASE WHEN x = y THEN NULL ELSE x END, with x computed once: it has the
// type of x, whatever y is.
func (c *checker) nullif(n syntax.Node, f *kernel.Function, args []*typed) *typed {
	switch best, _ := bestOf(f, args); {
	case best == nil:
		return c.noOverload(n, f, args)
	case args[0].isUntyped():
		return c.convert(args[0], args[1].typ)
	}
	x, wrap := c.once(args[0])
	equal := c.apply(n, operators["="], []*typed{x, args[1]})
	if equal == nil {
		return nil
	}
	null := c.literal(n, syntax.Value{Type: x.typ, Null: true})
	return wrap(c.typed(n, x.typ, logic.Case(1), equal, null, x))
}
