package syntax

import (
	"fmt"
	"slices"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/excerpt"
)

// AggregateCall is a call of an aggregate function. Arguments and filters are
// expressions over single rows; their offsets are those of the whole text.
type AggregateCall struct {
	Func     string // one of [Aggregates]
	Distinct bool
	Star     bool  // count(*); there is no Arg
	Arg      *Expr // nil if Star
	Filter   *Expr // only rows for which it is TRUE count; nil is all

	// Start and End are the byte offsets of the call in its text.
	Start, End int
}

// Aggregates are the names of the aggregate functions, in lower case.
var Aggregates = []string{"count", "sum", "min", "max", "avg"}

// ParseAggregate reads one call of an aggregate function, such as
// "sum(price * 2) FILTER (WHERE price > 0)".
func ParseAggregate(text string) (AggregateCall, Errors) {
	e, errs := Parse(text)
	if errs != nil {
		return AggregateCall{}, errs
	}
	c, ok := e.Root.(*Call)
	if !ok {
		return AggregateCall{}, Errors{{0, len(text), fmt.Sprintf("%s is not an aggregate such as count(*) or sum(x); "+
			"compute with its result in a step behind",
			excerpt.Of(text))}}
	}
	if err := c.checkAggregate(); err != nil {
		return AggregateCall{}, Errors{*err}
	}
	a := AggregateCall{Func: c.Name, Distinct: c.Distinct, Star: c.Star, Start: c.Start, End: c.End}
	if !c.Star {
		a.Arg = &Expr{text, c.Args[0]}
	}
	if c.Filter != nil {
		a.Filter = &Expr{text, c.Filter}
	}
	return a, nil
}

// checkAggregate reports what is wrong with the form of an aggregate call.
func (c *Call) checkAggregate() *Error {
	wrong := func(format string, args ...any) *Error {
		return &Error{c.Start, c.End, fmt.Sprintf(format, args...)}
	}
	switch {
	case !slices.Contains(Aggregates, c.Name):
		return wrong("there is no aggregate %q%s", c.Name, component.Known(c.Name, Aggregates))
	case c.Star && c.Name != "count":
		return wrong("%s(*) has no meaning; only count takes *", c.Name)
	case c.Distinct && c.Name != "count":
		return wrong("%s(DISTINCT …) is not known; only count takes DISTINCT", c.Name)
	case !c.Star && len(c.Args) != 1:
		return wrong("%s takes one argument, not %d", c.Name, len(c.Args))
	}
	return nil
}

// String returns the call in canonical form, as [Expr.String] does.
func (a AggregateCall) String() string {
	c := &Call{Name: a.Func, Star: a.Star, Distinct: a.Distinct}
	if a.Arg != nil {
		c.Args = []Node{a.Arg.Root}
	}
	if a.Filter != nil {
		c.Filter = a.Filter.Root
	}
	return (&Expr{Root: c}).String()
}
