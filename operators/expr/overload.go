package expr

import (
	"fmt"
	"slices"
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
	// the same for all arguments of which it is said, anyDecimal and anyList for
	// any type of their kind.
	params []record.Type
	// variadic says that the last parameter may stand any number of times.
	variadic bool
	// result is the type of the result, common where it is that of the arguments.
	result record.Type
	// resultOf, if not nil, returns the type of the result for those of the
	// arguments; result is then a word for it, such as anyDecimal.
	resultOf func(args []record.Type) record.Type
	// atomic says that common is neither a list nor a struct.
	atomic bool
	// fails says that there are arguments for which there is no result.
	fails bool
	build builder
	// prepare, if not nil, returns the builder for the arguments of a call, to
	// read those that are constants when the job is checked. It runs after the
	// arguments have been converted.
	prepare func(p *preparation) builder
}

// Types of parameters that stand for many: any type, and any of a kind.
var (
	common     = record.Type{}
	anyDecimal = record.Type{Kind: record.KindDecimal}
	anyList    = record.Type{Kind: record.KindList}
)

// apply returns the call of a function with checked arguments: by the overload
// that fits with the least conversion.
func (c *checker) apply(n node, f *function, args []*typed) *typed {
	best, types := f.best(args)
	if best == nil {
		return c.noOverload(n, f, args)
	}
	converted := make([]*typed, len(args))
	for i, a := range args {
		converted[i] = c.convert(a, types[i])
	}
	result, build, fails := best.resultFor(types), best.build, best.fails
	if best.prepare != nil {
		p := &preparation{checker: c, args: converted, result: result, fails: fails}
		if build = best.prepare(p); build == nil {
			return nil
		}
		result, fails = p.result, p.fails
	}
	x := c.typed(n, result, build, converted...)
	x.fails = x.fails || fails
	return x
}

// best returns the overload that takes the arguments with the least conversion,
// or nil, and the types that it converts them to.
func (f *function) best(args []*typed) (best *overload, types []record.Type) {
	bestCost := 0
	for i := range f.overloads {
		o := &f.overloads[i]
		if fit, cost, ok := o.match(args); ok && (best == nil || cost < bestCost) {
			best, types, bestCost = o, fit, cost
		}
	}
	return best, types
}

func (o *overload) param(i int) record.Type { return o.params[min(i, len(o.params)-1)] }

// match returns the types that arguments are converted to, what that costs, and
// whether the overload takes the arguments at all. To convert a literal costs
// less than to convert a column.
func (o *overload) match(args []*typed) (types []record.Type, cost int, ok bool) {
	if len(args) < len(o.params) || len(args) > len(o.params) && !o.variadic {
		return nil, 0, false
	}
	bound, ok := o.bind(args)
	if !ok {
		return nil, 0, false
	}
	for i, a := range args {
		t := bound
		if want := o.param(i); want != common {
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
func (o *overload) bind(args []*typed) (record.Type, bool) {
	var list []*typed
	for i, a := range args {
		if o.param(i) == common {
			list = append(list, a)
		}
	}
	t, stranger := commonOf(list)
	if t == common && (o.result != common || o.resultOf != nil) {
		t = record.Bool
	}
	return t, stranger == nil && !(o.atomic && t.IsNested())
}

// fit returns the type that a piece has as an argument for a parameter of type
// want, and whether it fits there.
func (x *typed) fit(want record.Type) (record.Type, bool) {
	switch {
	case want == anyList:
		return x.typ, x.typ.Kind == record.KindList
	case want == anyDecimal && x.isUntyped():
		return decimalType(1, 0), true
	case want == anyDecimal:
		t := x.adapted(want)
		return exactType(t), isExact(t)
	case x.isUntyped() || x.typ == want || x.adapted(want) == want:
		return want, true
	}
	return want, converts(x.typ, want)
}

func (o *overload) resultFor(types []record.Type) record.Type {
	if o.resultOf != nil {
		return o.resultOf(types)
	}
	if o.result != common {
		return o.result
	}
	for i, t := range types {
		if o.param(i) == common {
			return t
		}
	}
	return common
}

// noOverload reports that a function does not take the arguments.
func (c *checker) noOverload(n node, f *function, args []*typed) *typed {
	types := make([]string, len(args))
	for i, a := range args {
		if types[i] = a.typ.String(); a.isUntyped() {
			types[i] = "NULL"
		}
	}
	return c.errorf(n, "%s does not take (%s); it takes %s%s", f.name, strings.Join(types, ", "), f.takes(args), c.remedy(f, args))
}

// takes draws the overloads: those with as many parameters as there are arguments
// that are about what the arguments are or, where there are none, all of as many
// parameters, or all.
func (f *function) takes(args []*typed) string {
	var fit, long, all []string
	for i := range f.overloads {
		o := &f.overloads[i]
		text := o.String()
		if o.isOfNumbers() && f.takesNumbers(len(o.params)) {
			if f.overloads[0].params[0] == common {
				continue // they are values of one type
			}
			text = "(number" + strings.Repeat(", number", len(o.params)-1) + ")"
		}
		all = append(all, text)
		if len(o.params) != len(args) {
			continue
		}
		long = append(long, text)
		if o.isAbout(args) {
			fit = append(fit, text)
		}
	}
	switch {
	case fit != nil:
		all = fit
	case long != nil:
		all = long
	}
	return strings.Join(slices.Compact(all), " or ")
}

// takesNumbers reports whether a function takes n numbers of any type.
func (f *function) takesNumbers(n int) bool {
	return slices.ContainsFunc(f.overloads, func(o overload) bool {
		return len(o.params) == n && o.isOfNumbers() && o.params[0] == anyDecimal
	})
}

func (o *overload) isOfNumbers() bool {
	return !slices.ContainsFunc(o.params, func(t record.Type) bool { return !t.IsNumber() })
}

// String draws the parameters as "(int64, int64)".
func (o *overload) String() string {
	if o.params[0] == common {
		return "values of one type"
	}
	names := make([]string, len(o.params))
	for i, t := range o.params {
		names[i] = typeWord(t)
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
	if text := c.timeRemedy(f, args); text != "" {
		return text
	}
	if slices.ContainsFunc(args, func(a *typed) bool { return a.typ.IsNested() }) {
		return "; of a list take an element, as in tags[1], of a struct a field, as in geo.lat"
	}
	if len(args) != 2 || args[0].typ == args[1].typ || !f.takesTwo() {
		return ""
	}
	for i, a := range args {
		other := args[1-i]
		if a.typ != record.String || f.takesAt(i, record.String) {
			continue
		}
		if literal := map[record.Type]string{record.Timestamp: "TIMESTAMP ", record.Date: "DATE "}[other.typ]; literal != "" && a.lit != nil {
			return "; write " + literal + c.excerpt(a.node)
		}
		if _, ok := castRuleOf(a.typ, other.typ); ok {
			return fmt.Sprintf("; write CAST(%s AS %v)", c.excerpt(a.node), other.typ)
		}
	}
	return ""
}

// takesAt reports whether an overload has a parameter of type t at position i.
func (f *function) takesAt(i int, t record.Type) bool {
	return slices.ContainsFunc(f.overloads, func(o overload) bool { return i < len(o.params) && o.params[i] == t })
}

func (f *function) takesTwo() bool {
	return slices.ContainsFunc(f.overloads, func(o overload) bool { return len(o.params) == 2 || o.variadic })
}

// castToString says what to write where a single argument should be a string.
func (c *checker) castToString(f *function, args []*typed) string {
	for i := range f.overloads {
		o := &f.overloads[i]
		at := o.onlyMisfit(args)
		if at < 0 || o.param(at) != record.String || args[at].typ.IsNested() {
			continue
		}
		if _, ok := castRules[conversion{args[at].typ.Kind, record.KindString}]; ok {
			return fmt.Sprintf("; write CAST(%s AS string)", c.excerpt(args[at].node))
		}
	}
	return ""
}

// onlyMisfit returns which argument does not fit the overload, -1 unless it is
// one alone.
func (o *overload) onlyMisfit(args []*typed) int {
	misfit := -1
	if len(args) != len(o.params) && !(o.variadic && len(args) > len(o.params)) {
		return -1
	}
	for i, a := range args {
		if _, ok := a.fit(o.param(i)); o.param(i) != common && !ok {
			if misfit >= 0 {
				return -1
			}
			misfit = i
		}
	}
	return misfit
}
