package expr

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
)

// remedy says what to write where arguments of two types meet.
func (c *checker) remedy(f *kernel.Function, args []*typed) string {
	if text := c.castToString(f, args); text != "" {
		return text
	}
	if text := c.timeRemedy(f, args); text != "" {
		return text
	}
	if slices.ContainsFunc(args, func(a *typed) bool { return a.typ.IsNested() }) {
		return "; of a list take an element, as in tags[1], of a struct a field, as in geo.lat"
	}
	if len(args) != 2 || args[0].typ == args[1].typ || !takesTwo(f) {
		return ""
	}
	for i, a := range args {
		other := args[1-i]
		if a.typ != record.String || takesAt(f, i, record.String) {
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
func (c *checker) besideNumber(f *kernel.Function, text, number *typed) string {
	if _, err := strconv.ParseInt(text.lit.Text, 10, 64); err == nil {
		return "; write " + text.lit.Text
	}
	if number.lit != nil || !takesAt(f, 0, kernel.Common) {
		return ""
	}
	return fmt.Sprintf("; write CAST(%s AS string)", c.excerpt(number.node))
}

// takesAt reports whether an overload has a parameter of type t at position i.
func takesAt(f *kernel.Function, i int, t record.Type) bool {
	return slices.ContainsFunc(f.Overloads, func(o kernel.Overload) bool { return i < len(o.Params) && o.Params[i] == t })
}

func takesTwo(f *kernel.Function) bool {
	return slices.ContainsFunc(f.Overloads, func(o kernel.Overload) bool { return len(o.Params) == 2 || o.Variadic })
}

// castToString says what to write where a single argument should be a string.
func (c *checker) castToString(f *kernel.Function, args []*typed) string {
	for i := range f.Overloads {
		o := &f.Overloads[i]
		at := onlyMisfit(o, args)
		if at < 0 || o.Param(at) != record.String || args[at].typ.IsNested() {
			continue
		}
		if _, ok := casts[conversion{args[at].typ.Kind, record.KindString}]; ok {
			return fmt.Sprintf("; write CAST(%s AS string)", c.excerpt(args[at].node))
		}
	}
	return ""
}

// onlyMisfit returns which argument does not fit the overload, -1 unless it is
// one alone.
func onlyMisfit(o *kernel.Overload, args []*typed) int {
	misfit := -1
	if len(args) != len(o.Params) && !(o.Variadic && len(args) > len(o.Params)) {
		return -1
	}
	for i, a := range args {
		if _, ok := a.fit(o.Param(i)); o.Param(i) != kernel.Common && !ok {
			if misfit >= 0 {
				return -1
			}
			misfit = i
		}
	}
	return misfit
}

// timeRemedy says what to write where a time meets what does not go with it, or is
// wanted and is not there.
func (c *checker) timeRemedy(f *kernel.Function, args []*typed) string {
	for i, a := range args {
		if text := c.excerpt(a.node); takesAt(f, i, record.Timestamp) && f.Group == groupTime {
			switch a.typ {
			case record.Int64:
				return fmt.Sprintf("; a number since 1970 becomes a timestamp by to_timestamp(%s), of seconds, or epoch_ms(%s)", text, text)
			case record.String:
				return fmt.Sprintf("; text becomes a timestamp by CAST(%s AS timestamp), or by to_timestamp and a pattern", text)
			}
		}
	}
	if len(args) != 2 {
		return ""
	}
	for i, a := range args {
		switch other := args[1-i]; {
		case !isTemporal(a.typ):
		case other.typ == record.Int64 && (f.Name == "+" || f.Name == "-" && i == 0):
			return fmt.Sprintf("; a number has no unit of time: write INTERVAL (%s) SECOND or another unit", c.excerpt(other.node))
		case a.typ == record.Local && other.typ == record.Timestamp:
			return fmt.Sprintf("; what a clock shows and an instant have nothing in common: write %s AT TIME ZONE '…'", c.excerpt(other.node))
		case a.typ == record.Interval && other.typ == record.Months:
			return "; months have no length in days: add both to a timestamp, one after the other"
		}
	}
	return ""
}

// isTemporal reports whether values are times or lengths of time.
func isTemporal(t record.Type) bool {
	return t == record.Timestamp || t == record.Date || kernel.StoredType(t) != t
}
