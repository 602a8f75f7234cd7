package expr

import (
	"unicode/utf8"

	"github.com/weirstream/weir/operators/expr/syntax"
	"github.com/weirstream/weir/operators/expr/text"
	"github.com/weirstream/weir/runtime/record"
)

// like checks "x LIKE pattern ESCAPE 'e'".
func (c *checker) like(n *syntax.Like) *typed {
	args := c.all(n.X, n.Pattern)
	escape := ""
	if n.Escape != nil {
		lit, ok := n.Escape.(*syntax.Literal)
		if !ok || lit.Value.Type != record.String || utf8.RuneCountInString(lit.Value.Text) != 1 {
			return c.errorf(n.Escape, "%s is not an escape character, which is a string of one character, such as '!'", c.excerpt(n.Escape))
		}
		escape = lit.Value.Text
	}
	if args == nil {
		return nil
	}
	return c.negate(n, n.Not, c.apply(n, text.Like(n.Folded, escape), args))
}
