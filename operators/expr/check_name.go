package expr

import (
	"slices"
	"strings"

	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/operators/expr/syntax"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
)

// textInQuotes says how a text is written, where a name in double quotes is no
// column: in many languages it would be a text.
func (c *checker) textInQuotes(n *syntax.Column) string {
	if !strings.HasPrefix(c.excerpt(n), `"`) {
		return ""
	}
	return ", and text is written in single quotes, " + syntax.Value{Type: record.String, Text: n.Name}.String()
}

func (c *checker) column(n *syntax.Column) *typed {
	i := c.schema.Index(n.Name)
	if i < 0 {
		if why := whyAbsent(n.Name); why != "" {
			return c.errorf(n, "there is no %s%s", n.Name, why)
		}
		return c.errorf(n, "there is no column %q%s%s", n.Name, c.textInQuotes(n), component.Known(n.Name, c.schema.Names()))
	}
	c.columns = append(c.columns, i)
	return c.typed(n, c.schema.Field(i).Type, kernel.Column(i))
}

func (c *checker) call(n *syntax.Call) *typed {
	args := c.all(n.Args...)
	switch {
	case slices.Contains(syntax.Aggregates, n.Name):
		return c.errorf(n, "%s is an aggregate, over many rows; an expression over one row belongs here", n.Name)
	case n.Star || n.Distinct || n.Filter != nil:
		return c.errorf(n, "*, DISTINCT and FILTER belong to aggregates; %s is none", n.Name)
	}
	f := functionIn(functions, n.Name)
	if why := whyAbsent(n.Name); why != "" {
		return c.errorf(n, "there is no %s%s", n.Name, why)
	}
	if f == nil {
		return c.errorf(n, "there is no function %q%s", n.Name, noFunction(n.Name))
	}
	if args == nil && len(n.Args) > 0 {
		return nil
	}
	return c.invoke(n, f, args)
}

// invoke returns the call of a function by its name, with checked arguments.
func (c *checker) invoke(n syntax.Node, f *kernel.Function, args []*typed) *typed {
	if f.Name == "nullif" && len(args) == 2 {
		return c.nullif(n, f, args)
	}
	return c.apply(n, f, args)
}
