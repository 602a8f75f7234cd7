package expr

import (
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/operators/expr/syntax"
	"github.com/weirstream/weir/operators/expr/times"
	"github.com/weirstream/weir/runtime/record"
)

// atZone checks AT TIME ZONE, which leads from an instant to what a clock shows,
// and from what a clock shows to the instant.
func (c *checker) atZone(n *syntax.AtZone) *typed {
	args := c.all(n.X, n.Zone)
	if args == nil {
		return nil
	}
	x, z := args[0], times.Zone(&kernel.Preparation{Arguments: checkedArguments{c, args}}, 1)
	if z == nil {
		return nil
	}
	switch {
	case x.typ == record.Local:
		return c.zoned(n, record.Timestamp, times.Instants(z), x)
	case x.isUntyped() || x.typ == record.Timestamp:
		return c.zoned(n, record.Local, times.Locals(z), c.convert(x, record.Timestamp))
	}
	return c.errorf(n, "AT TIME ZONE wants a timestamp; %s is %v", c.excerpt(n.X), x.typ)
}

// zoned returns a time as another clock shows it, which may be out of range.
func (c *checker) zoned(n syntax.Node, t record.Type, build kernel.Builder, x *typed) *typed {
	result := c.typed(n, t, build, x)
	result.fails = true
	return result
}

// storable reports whether columns, lists and structs hold values of a piece, and
// says what to write instead where they do not.
func (c *checker) storable(x *typed) bool {
	if kernel.StoredType(x.typ) == x.typ {
		return true
	}
	text := c.excerpt(x.node)
	switch x.typ {
	case record.Interval:
		c.errorf(x.node, "%s is an interval, which no column holds; write EXTRACT(EPOCH FROM %s) for its seconds", text, text)
	case record.Months:
		c.errorf(x.node, "%s is an interval of months, which no column holds; add it to a timestamp, or write EXTRACT(MONTH FROM …)", text)
	default:
		c.errorf(x.node, "%s is what a clock shows and no instant, and no column holds that; "+
			"write … AT TIME ZONE of the same zone for the instant, or CAST(%s AS string)", text, text)
	}
	return false
}
