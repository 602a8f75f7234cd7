package expr

import (
	"strconv"

	"github.com/weirstream/weir/operators/expr/number"
	"github.com/weirstream/weir/operators/expr/syntax"
	"github.com/weirstream/weir/operators/expr/times"
	"github.com/weirstream/weir/runtime/decimal"
	"github.com/weirstream/weir/runtime/record"
)

// This file is what happens to types that meet without a CAST.

// commonType returns the type that values of both types convert to without
// being asked; the zero type is that of NULL.
func commonType(a, b record.Type) (record.Type, bool) {
	none := record.Type{}
	switch {
	case a == b || b == none || converts(b, a):
		return a, true
	case a == none || converts(a, b):
		return b, true
	case number.IsExact(a) && number.IsExact(b):
		return number.CommonDecimal(number.ExactType(a), number.ExactType(b)), true
	}
	return none, false
}

// converts reports whether values become a t without being asked, and without
// losing more than a float64 does.
func converts(from, t record.Type) bool {
	switch t.Kind {
	case record.KindInt64:
		return from == record.Int32
	case record.KindDecimal:
		return number.IsExact(from) && number.CommonDecimal(number.ExactType(from), t) == t
	case record.KindFloat64:
		return number.IsExact(from)
	case record.KindTimestamp:
		return from == record.Date
	}
	return false
}

// commonOf returns the common type of pieces, and the first that has none with
// those before it. Literals come behind what is none, and integers last, since
// they adapt to the others.
func commonOf(list []*typed) (t record.Type, stranger *typed) {
	for turn := range 3 {
		for _, x := range list {
			if x.turn() != turn {
				continue
			}
			common, ok := commonType(t, x.adapted(t))
			if !ok {
				return t, x
			}
			t = common
		}
	}
	return t, nil
}

func (x *typed) turn() int {
	switch {
	case x.lit == nil:
		return 0
	case x.typ != record.Int64:
		return 1
	}
	return 2
}

// adapted returns the type that a piece has beside one of type t: that of its
// own, unless it is an integer as it is written.
func (x *typed) adapted(t record.Type) record.Type {
	if x.lit == nil || x.lit.IsNull() || x.typ != record.Int64 {
		return x.typ
	}
	switch t.Kind {
	case record.KindInt32:
		if _, ok := literalAs(*x.lit, t); ok {
			return t
		}
	case record.KindDecimal:
		return number.DecimalType(len(strconv.FormatUint(magnitude(x.lit.Int), 10)), 0)
	}
	return x.typ
}

// fixed returns a piece whose type was asked for by a CAST: an integer does not
// adapt any more.
func (x *typed) fixed() *typed {
	if x.lit == nil || x.lit.IsNull() || x.typ != record.Int64 {
		return x
	}
	again := *x
	again.lit = nil
	return &again
}

// magnitude returns v without its sign, which the least int64 has, too.
func magnitude(v int64) uint64 {
	if v < 0 {
		return -uint64(v)
	}
	return uint64(v)
}

// unify converts pieces to their common type; nil after an error. Pieces that
// are all NULL stay without a type.
func (c *checker) unify(list []*typed, what string) (record.Type, []*typed) {
	t, stranger := commonOf(list)
	if stranger != nil {
		c.strangers(list, stranger, what)
		return t, nil
	}
	unified := make([]*typed, len(list))
	for i, x := range list {
		unified[i] = c.convert(x, t)
	}
	return t, unified
}

// strangers reports a piece that has no common type with the others, or one of
// them with it, whichever stands later.
func (c *checker) strangers(list []*typed, stranger *typed, what string) {
	seen := false
	for _, x := range list {
		seen = seen || x == stranger
		if _, ok := commonType(x.typ, stranger.typ); ok {
			continue
		}
		first, second := x, stranger
		if seen {
			first, second = stranger, x
		}
		c.errorf(second.node, "%s must be of one type; %s is %v and %s is %v",
			what, c.excerpt(first.node), first.typ, c.excerpt(second.node), second.typ)
		return
	}
}

// convert makes x a t, to which it converts; an untyped NULL becomes a t,
// whatever it is.
func (c *checker) convert(x *typed, t record.Type) *typed {
	switch {
	case x.typ == t:
		return x
	case x.isUntyped():
		return c.retype(x, t)
	}
	if x.lit != nil {
		if v, ok := literalAs(*x.lit, t); ok {
			return c.literal(x.node, v)
		}
	}
	rule, _ := castRuleOf(x.typ, t)
	converted := c.typed(x.node, t, rule.Build, x)
	converted.fails = converted.fails || rule.Fails
	return converted
}

// retype gives a type to a piece that is NULL on every row: a literal, or a
// CASE or call with nothing but NULLs to choose from.
func (c *checker) retype(x *typed, t record.Type) *typed {
	if x.lit != nil {
		return c.literal(x.node, syntax.Value{Type: t, Null: true})
	}
	again := *x
	again.typ = t
	again.args = make([]*typed, len(x.args))
	for i, a := range x.args {
		if again.args[i] = a; a.isUntyped() {
			again.args[i] = c.retype(a, t)
		}
	}
	return &again
}

// literalAs returns a constant as a t, where that is what it converts to and, of exact
// types, nothing is lost. A number with a point becomes the float64 that is
// nearest to its text.
func literalAs(v syntax.Value, t record.Type) (syntax.Value, bool) {
	switch {
	case v.IsNull():
		return syntax.Value{Type: t, Null: true}, true
	case v.Type == t:
		return v, true
	case v.Type == record.Date && t == record.Timestamp:
		at, err := times.Midnight(int32(v.Int))
		return syntax.Value{Type: t, Int: int64(at)}, err == nil
	case !number.IsExact(v.Type):
		return syntax.Value{}, false
	}
	return numberAs(v, t)
}

func numberAs(v syntax.Value, t record.Type) (syntax.Value, bool) {
	scale := int(v.Type.Scale)
	if v.Type.Kind != record.KindDecimal {
		v.Decimal, scale = decimal.FromInt64(v.Int), 0
	}
	switch t.Kind {
	case record.KindInt32, record.KindInt64:
		whole, exact := rescaleExactly(v.Decimal, scale, 0)
		i, fits := whole.Int64()
		return syntax.Value{Type: t, Int: i}, exact && fits && (t == record.Int64 || int64(int32(i)) == i)
	case record.KindFloat64:
		f, err := strconv.ParseFloat(string(v.Decimal.Append(nil, scale)), 64)
		return syntax.Value{Type: t, Float: f}, err == nil
	case record.KindDecimal:
		d, exact := rescaleExactly(v.Decimal, scale, int(t.Scale))
		return syntax.Value{Type: t, Decimal: d}, exact && d.Fits(int(t.Precision))
	}
	return syntax.Value{}, false
}

func rescaleExactly(n record.Decimal, from, to int) (scaled record.Decimal, exact bool) {
	scaled, ok := n.Rescale(from, to)
	if !ok {
		return scaled, false
	}
	again, ok := scaled.Rescale(to, from)
	return scaled, ok && again == n
}
