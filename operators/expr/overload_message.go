package expr

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/weirstream/weir/runtime/record"
)

// What a message says where no overload takes the arguments.

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
		if a.lit != nil && other.typ.IsNumber() {
			return c.besideNumber(f, a, other)
		}
		if _, ok := castRuleOf(a.typ, other.typ); ok {
			return fmt.Sprintf("; write CAST(%s AS %v)", c.excerpt(a.node), other.typ)
		}
	}
	return ""
}

// besideNumber says what to write where a text constant meets a number: the
// constant without its quotes if it is a number, too. Another one would fail at
// the first row if it were cast; compared it can be, with the number as text.
func (c *checker) besideNumber(f *function, text, number *typed) string {
	if _, err := strconv.ParseInt(text.lit.s, 10, 64); err == nil {
		return "; write " + text.lit.s
	}
	if number.lit != nil || !f.takesAt(0, common) {
		return ""
	}
	return fmt.Sprintf("; write CAST(%s AS string)", c.excerpt(number.node))
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
