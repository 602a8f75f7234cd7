package expr

import (
	"unicode/utf8"

	"github.com/weirstream/weir/runtime/record"
)

// like checks "x LIKE pattern ESCAPE 'e'".
func (c *checker) like(n *like) *typed {
	args := c.all(n.x, n.pattern)
	escape := ""
	if n.escape != nil {
		lit, ok := n.escape.(*literal)
		if !ok || lit.value.typ != record.String || utf8.RuneCountInString(lit.value.s) != 1 {
			return c.errorf(n.escape, "%s is no escape character; it is a string of one character, such as '!'", c.excerpt(n.escape))
		}
		escape = lit.value.s
	}
	if args == nil {
		return nil
	}
	return c.negate(n, n.not, c.apply(n, likeOperator(n.folded, escape), args))
}
