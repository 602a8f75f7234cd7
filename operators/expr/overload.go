package expr

import (
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/operators/expr/number"
	"github.com/weirstream/weir/operators/expr/syntax"
	"github.com/weirstream/weir/runtime/record"
)

// apply returns the call of a function with checked arguments: by the overload
// that fits with the least conversion.
func (c *checker) apply(n syntax.Node, f *kernel.Function, args []*typed) *typed {
	best, types := bestOf(f, args)
	if best == nil {
		return c.noOverload(n, f, args)
	}
	converted := make([]*typed, len(args))
	for i, a := range args {
		converted[i] = c.convert(a, types[i])
	}
	result, build, fails := resultFor(best, types), best.Build, best.Fails
	if best.Prepare != nil {
		p := &kernel.Preparation{Arguments: checkedArguments{c, converted}, Result: result, Fails: fails}
		if build = best.Prepare(p); build == nil {
			return nil
		}
		result, fails = p.Result, p.Fails
	}
	x := c.typed(n, result, build, converted...)
	x.fails = x.fails || fails
	return x
}

// bestOf returns the overload that takes the arguments with the least conversion,
// or nil, and the types that it converts them to.
func bestOf(f *kernel.Function, args []*typed) (best *kernel.Overload, types []record.Type) {
	bestCost := 0
	for i := range f.Overloads {
		o := &f.Overloads[i]
		if fit, cost, ok := match(o, args); ok && (best == nil || cost < bestCost) {
			best, types, bestCost = o, fit, cost
		}
	}
	return best, types
}

// match returns the types that arguments are converted to, what that costs, and
// whether the overload takes the arguments at all. To convert a literal costs
// less than to convert a column.
func match(o *kernel.Overload, args []*typed) (types []record.Type, cost int, ok bool) {
	if len(args) < len(o.Params) || len(args) > len(o.Params) && !o.Variadic {
		return nil, 0, false
	}
	bound, ok := bind(o, args)
	if !ok {
		return nil, 0, false
	}
	for i, a := range args {
		t := bound
		if want := o.Param(i); want != kernel.Common {
			if t, ok = a.fit(want); !ok {
				return nil, 0, false
			}
		}
		switch {
		case a.typ == t || a.isUntyped():
		case a.lit != nil:
			cost++
		default:
			cost += 2
		}
		types = append(types, t)
	}
	return types, cost, true
}

// bind returns the type that common stands for. Where all arguments are NULL it
// does not matter, unless it is the result's: then it stays open.
func bind(o *kernel.Overload, args []*typed) (record.Type, bool) {
	var list []*typed
	for i, a := range args {
		if o.Param(i) == kernel.Common {
			list = append(list, a)
		}
	}
	t, stranger := commonOf(list)
	if t == kernel.Common && (o.Result != kernel.Common || o.ResultOf != nil) {
		t = record.Bool
	}
	return t, stranger == nil && !(o.Atomic && t.IsNested())
}

// fit returns the type that a piece has as an argument for a parameter of type
// want, and whether it fits there.
func (x *typed) fit(want record.Type) (record.Type, bool) {
	switch {
	case want == kernel.AnyList:
		return x.typ, x.typ.Kind == record.KindList
	case want == kernel.AnyDecimal && x.isUntyped():
		return number.DecimalType(1, 0), true
	case want == kernel.AnyDecimal:
		t := x.adapted(want)
		return number.ExactType(t), number.IsExact(t)
	case x.isUntyped() || x.typ == want || x.adapted(want) == want:
		return want, true
	}
	return want, converts(x.typ, want)
}

func resultFor(o *kernel.Overload, types []record.Type) record.Type {
	if o.ResultOf != nil {
		return o.ResultOf(types)
	}
	if o.Result != kernel.Common {
		return o.Result
	}
	for i, t := range types {
		if o.Param(i) == kernel.Common {
			return t
		}
	}
	return kernel.Common
}
