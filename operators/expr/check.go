package expr

import (
	"fmt"
	"slices"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/excerpt"
	"github.com/weirstream/weir/runtime/record"
)

// Checked is an expression that fits a schema: every name is resolved and every
// piece has a type. It never changes; each subtask compiles its own program
// from it.
type Checked struct {
	expr    *Expr
	root    *typed
	columns []int
	slots   int
}

// typed is a piece of a checked expression: what computes it, from which
// arguments.
type typed struct {
	node  node
	typ   record.Type // zero of a NULL whose type is not known
	fails bool        // some row may fail here or below
	lit   *value      // of a constant written as such
	build builder
	args  []*typed
}

// Check resolves and types an expression against the schema of its rows. It
// returns all that is wrong, not the first thing only.
func Check(e *Expr, schema *record.Schema) (*Checked, Errors) {
	c := &checker{text: e.text, schema: schema}
	root := c.check(e.root)
	if root != nil && root.isUntyped() {
		c.errorf(e.root, "the type of NULL is not known here; write CAST(NULL AS int64) or another type")
	}
	if root != nil {
		c.storable(root)
	}
	if c.errs != nil {
		slices.SortStableFunc(c.errs, func(a, b Error) int { return a.Start - b.Start })
		return nil, c.errs
	}
	slices.Sort(c.columns)
	return &Checked{e, root, slices.Compact(c.columns), c.slots}, nil
}

// CheckCondition is [Check] for what must be TRUE or not, as in WHERE.
func CheckCondition(e *Expr, schema *record.Schema) (*Checked, Errors) {
	checked, errs := Check(e, schema)
	if errs == nil && checked.Type() != record.Bool {
		at := e.root.where()
		return nil, Errors{{at.start, at.end, fmt.Sprintf("%s is %v; a condition is bool, such as x > 0 or x IS NOT NULL",
			excerpt.Of(e.text[at.start:at.end]), checked.Type())}}
	}
	return checked, errs
}

// Type returns the type of the result.
func (c *Checked) Type() record.Type { return c.root.typ }

// Fails reports whether there may be rows for which there is no result.
func (c *Checked) Fails() bool { return c.root.fails }

// Columns returns the positions of the columns that the expression reads, in
// ascending order.
func (c *Checked) Columns() []int { return c.columns }

// String returns the canonical form, see [Expr.String].
func (c *Checked) String() string { return c.expr.String() }

// checker holds the errors so far. A piece with an error is nil, and whatever
// it is part of stays silent about it.
type checker struct {
	text    string
	schema  *record.Schema
	columns []int
	slots   int
	errs    Errors
}

func (c *checker) errorf(n node, format string, args ...any) *typed {
	at := n.where()
	c.errs = append(c.errs, Error{at.start, at.end, fmt.Sprintf(format, args...)})
	return nil
}

func (c *checker) excerpt(n node) string { return excerpt.Of(c.text[n.where().start:n.where().end]) }

// typed returns a piece computed by build from args; it may fail where an
// argument may.
func (c *checker) typed(n node, t record.Type, build builder, args ...*typed) *typed {
	x := &typed{node: n, typ: t, build: build, args: args}
	for _, a := range args {
		x.fails = x.fails || a.fails
	}
	return x
}

func (t *typed) isUntyped() bool { return t.typ == record.Type{} }

func (c *checker) check(n node) *typed {
	switch n := n.(type) {
	case *column:
		return c.column(n)
	case *literal:
		return c.literal(n, n.value)
	case *unary:
		return c.operator(n, n.op, n.x)
	case *binary:
		return c.operator(n, n.op, n.left, n.right)
	case *is:
		return c.is(n)
	case *in:
		return c.in(n)
	case *between:
		return c.between(n)
	case *like:
		return c.like(n)
	case *caseOf:
		return c.caseOf(n)
	case *cast:
		return c.cast(n)
	case *field:
		return c.field(n)
	case *element:
		return c.element(n)
	case *listOf:
		return c.listOf(n)
	case *structOf:
		return c.structOf(n)
	case *atZone:
		return c.atZone(n)
	case *call:
		return c.call(n)
	}
	panic(fmt.Sprintf("expr: no check of %T", n))
}

// all checks every node, so that the errors of all are found; nil if any has one.
func (c *checker) all(nodes ...node) []*typed {
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

func (c *checker) column(n *column) *typed {
	i := c.schema.Index(n.name)
	if i < 0 {
		if why := whyAbsent(n.name); why != "" {
			return c.errorf(n, "there is no %s%s", n.name, why)
		}
		return c.errorf(n, "there is no column %q%s%s", n.name, c.textInQuotes(n), component.Known(n.name, c.schema.Names()))
	}
	c.columns = append(c.columns, i)
	return c.typed(n, c.schema.Field(i).Type, columnKernel(i))
}

func (c *checker) literal(n node, v value) *typed {
	t := c.typed(n, v.typ, literalKernel(v))
	t.lit = &v
	return t
}

func (c *checker) operator(n node, symbol string, operands ...node) *typed {
	args := c.all(operands...)
	if args == nil {
		return nil
	}
	return c.apply(n, operators[symbol], args)
}

func (c *checker) call(n *call) *typed {
	args := c.all(n.args...)
	switch {
	case slices.Contains(Aggregates, n.name):
		return c.errorf(n, "%s is an aggregate, over many rows; here stands an expression over one", n.name)
	case n.star || n.distinct || n.filter != nil:
		return c.errorf(n, "*, DISTINCT and FILTER belong to aggregates; %s is none", n.name)
	}
	f := functionNamed(n.name)
	if why := whyAbsent(n.name); why != "" {
		return c.errorf(n, "there is no %s%s", n.name, why)
	}
	if f == nil {
		return c.errorf(n, "there is no function %q%s", n.name, noFunction(n.name))
	}
	if args == nil && len(n.args) > 0 {
		return nil
	}
	return c.invoke(n, f, args)
}

// invoke returns the call of a function by its name, with checked arguments.
func (c *checker) invoke(n node, f *function, args []*typed) *typed {
	if f.name == "nullif" && len(args) == 2 {
		return c.nullif(n, f, args)
	}
	return c.apply(n, f, args)
}

func (c *checker) is(n *is) *typed {
	x := c.check(n.x)
	if x == nil {
		return nil
	}
	if n.what == "NULL" {
		if x.isUntyped() {
			x = c.convert(x, record.Bool)
		}
		return c.typed(n, record.Bool, isNullKernel(n.not), x)
	}
	if x = c.condition(x, "IS "+n.what); x == nil {
		return nil
	}
	return c.typed(n, record.Bool, isTruthKernel(n.what == "TRUE", n.not), x)
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

func (c *checker) cast(n *cast) *typed {
	x := c.check(n.x)
	if x == nil {
		return nil
	}
	if x.isUntyped() {
		return c.convert(x, n.typ)
	}
	if x.typ == n.typ {
		return x.settled()
	}
	rule, ok := castRuleOf(x.typ, n.typ)
	if !ok {
		return c.errorf(n, "%s is %v, which cannot be cast to %v", c.excerpt(n.x), x.typ, n.typ)
	}
	if n.try {
		return c.typed(n, n.typ, trying(rule.build), x)
	}
	t := c.typed(n, n.typ, rule.build, x)
	t.fails = t.fails || rule.fails
	return t
}
