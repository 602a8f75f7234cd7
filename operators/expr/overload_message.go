package expr

import (
	"slices"
	"strings"

	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/operators/expr/syntax"
	"github.com/weirstream/weir/runtime/record"
)

// What a message says where no overload takes the arguments.

// noOverload reports that a function does not take the arguments.
func (c *checker) noOverload(n syntax.Node, f *kernel.Function, args []*typed) *typed {
	types := make([]string, len(args))
	for i, a := range args {
		if types[i] = a.typ.String(); a.isUntyped() {
			types[i] = "NULL"
		}
	}
	return c.errorf(n, "%s does not take (%s); it takes %s%s", f.Name, strings.Join(types, ", "), takes(f, args), c.remedy(f, args))
}

// takes draws the overloads: those with as many parameters as there are arguments
// that are about what the arguments are or, where there are none, all of as many
// parameters, or all.
func takes(f *kernel.Function, args []*typed) string {
	var fit, long, all []string
	for i := range f.Overloads {
		o := &f.Overloads[i]
		text := o.String()
		if isOfNumbers(o) && takesNumbers(f, len(o.Params)) {
			if f.Overloads[0].Params[0] == kernel.Common {
				continue // they are values of one type
			}
			text = "(number" + strings.Repeat(", number", len(o.Params)-1) + ")"
		}
		all = append(all, text)
		if len(o.Params) != len(args) {
			continue
		}
		long = append(long, text)
		if isAbout(o, args) {
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
func takesNumbers(f *kernel.Function, n int) bool {
	return slices.ContainsFunc(f.Overloads, func(o kernel.Overload) bool {
		return len(o.Params) == n && isOfNumbers(&o) && o.Params[0] == kernel.AnyDecimal
	})
}

func isOfNumbers(o *kernel.Overload) bool {
	return !slices.ContainsFunc(o.Params, func(t record.Type) bool { return !t.IsNumber() })
}

// isAbout reports whether an overload is of help in a message about arguments:
// where one is a time or an interval, those that take such a one in its place, and
// else those that have nothing to do with times.
func isAbout(o *kernel.Overload, args []*typed) bool {
	about := !slices.ContainsFunc(o.Params, isTemporal)
	for i, a := range args {
		if !isTemporal(a.typ) {
			continue
		}
		want := o.Param(i)
		if about = want == a.typ || converts(a.typ, want); about {
			break
		}
	}
	return about
}
