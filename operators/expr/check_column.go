package expr

import (
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
	return ", and a text stands in single quotes, " + syntax.Value{Type: record.String, Text: n.Name}.String()
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
