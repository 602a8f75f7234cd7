package expr

import (
	"fmt"
	"strings"

	"github.com/weirstream/weir/runtime/record"
)

// function is an entry of the table of functions and operators.
type function struct {
	name    string
	aliases []string // other names of it, such as those of other dialects

	// What reference pages say; operators, which are documented by [forms], have
	// none. params names the parameters of all overloads, "text from count".
	group    string
	params   string
	summary  string
	examples []Example

	overloads []overload
	// expand, if not nil, makes a call that an overload fits of other pieces.
	expand func(c *checker, n node, args []*typed) *typed
}

// overload is one way to call a function.
type overload struct {
	// params are the types of the arguments; common stands for any type that is
	// the same for all arguments of which it is said.
	params []record.Type
	// variadic says that the last parameter may stand any number of times.
	variadic bool
	// result is the type of the result, common where it is that of the arguments.
	result record.Type
	// fails says that there are arguments for which there is no result.
	fails bool
	build builder
	// prepare, if not nil, returns the builder for the arguments of a call, to
	// read those that are constants when the job is checked. It runs after the
	// arguments have been converted.
	prepare func(p *preparation) builder
}

// common, as the type of a parameter, is any type.
var common = record.Type{}

// apply returns the call of a function with checked arguments: by the overload
// that fits with the fewest conversions.
func (c *checker) apply(n node, f *function, args []*typed) *typed {
	best := f.best(args)
	if best == nil {
		return c.noOverload(n, f, args)
	}
	t := best.bind(args)
	converted := make([]*typed, len(args))
	for i, a := range args {
		converted[i] = c.convert(a, concrete(best.param(i), t))
	}
	build, fails := best.build, best.fails
	if best.prepare != nil {
		p := &preparation{checker: c, args: converted, fails: fails}
		if build = best.prepare(p); build == nil {
			return nil
		}
		fails = p.fails
	}
	x := c.typed(n, concrete(best.result, t), build, converted...)
	x.fails = x.fails || fails
	return x
}

// best returns the overload that takes the arguments with the fewest
// conversions, or nil.
func (f *function) best(args []*typed) *overload {
	var best *overload
	bestCost := 0
	for i := range f.overloads {
		o := &f.overloads[i]
		if cost, ok := o.cost(args); ok && (best == nil || cost < bestCost) {
			best, bestCost = o, cost
		}
	}
	return best
}

func concrete(t, bound record.Type) record.Type {
	if t == common {
		return bound
	}
	return t
}

func (o *overload) param(i int) record.Type { return o.params[min(i, len(o.params)-1)] }

// cost returns how many arguments must be converted, and whether the overload
// takes the arguments at all.
func (o *overload) cost(args []*typed) (int, bool) {
	if len(args) < len(o.params) || len(args) > len(o.params) && !o.variadic {
		return 0, false
	}
	cost, bound := 0, common
	for i, a := range args {
		want := o.param(i)
		if want == common {
			var ok bool
			if bound, ok = commonType(bound, a.typ); !ok {
				return 0, false
			}
			continue
		}
		if t, ok := commonType(want, a.typ); !ok || t != want {
			return 0, false
		}
		if a.typ != want && !a.isUntyped() {
			cost++
		}
	}
	return cost, true
}

// bind returns the type that common stands for. Where all arguments are NULL it
// does not matter, unless it is the result's: then it stays open.
func (o *overload) bind(args []*typed) record.Type {
	t := common
	for i, a := range args {
		if o.param(i) == common {
			t, _ = commonType(t, a.typ)
		}
	}
	if t == common && o.result != common {
		t = record.Bool
	}
	return t
}

// noOverload reports that a function does not take the arguments.
func (c *checker) noOverload(n node, f *function, args []*typed) *typed {
	types := make([]string, len(args))
	for i, a := range args {
		if types[i] = a.typ.String(); a.isUntyped() {
			types[i] = "NULL"
		}
	}
	return c.errorf(n, "%s does not take (%s); it takes %s%s", f.name, strings.Join(types, ", "), f.takes(len(args)), c.remedy(f, args))
}

// takes draws the overloads with n parameters or, where there are none, all.
func (f *function) takes(n int) string {
	var fit, all []string
	for i := range f.overloads {
		o := &f.overloads[i]
		all = append(all, o.String())
		if len(o.params) == n {
			fit = append(fit, o.String())
		}
	}
	if fit == nil {
		fit = all
	}
	return strings.Join(fit, " or ")
}

// String draws the parameters as "(int64, int64)".
func (o *overload) String() string {
	if o.params[0] == common {
		return "values of one type"
	}
	names := make([]string, len(o.params))
	for i, t := range o.params {
		names[i] = t.String()
	}
	if o.variadic {
		names = append(names, "…")
	}
	return "(" + strings.Join(names, ", ") + ")"
}

// remedy says what to write where arguments of two types meet.
func (c *checker) remedy(f *function, args []*typed) string {
	if text := c.castToString(f, args); text != "" {
		return text
	}
	if len(args) != 2 || args[0].typ == args[1].typ {
		return ""
	}
	for i, a := range args {
		other := args[1-i]
		if a.typ != record.String {
			continue
		}
		if other.typ == record.Timestamp && a.lit != nil {
			return "; write TIMESTAMP " + c.excerpt(a.node)
		}
		if _, ok := castRules[conversion{a.typ, other.typ}]; ok {
			return fmt.Sprintf("; write CAST(%s AS %v)", c.excerpt(a.node), other.typ)
		}
	}
	return ""
}

// castToString says what to write where a single argument should be a string.
func (c *checker) castToString(f *function, args []*typed) string {
	var text string
	for i := range f.overloads {
		o := &f.overloads[i]
		if len(args) != len(o.params) {
			continue
		}
		wrong := -1
		for j, a := range args {
			if t, ok := commonType(o.params[j], a.typ); o.params[j] != common && (!ok || t != o.params[j]) {
				if wrong >= 0 || o.params[j] != record.String {
					return ""
				}
				wrong = j
			}
		}
		if wrong < 0 || text != "" {
			return ""
		}
		if _, ok := castRules[conversion{args[wrong].typ, record.String}]; ok {
			text = fmt.Sprintf("; write CAST(%s AS string)", c.excerpt(args[wrong].node))
		}
	}
	return text
}
