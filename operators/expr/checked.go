package expr

import (
	"fmt"
	"slices"

	"github.com/weirstream/weir/runtime/excerpt"
	"github.com/weirstream/weir/runtime/record"
)

// Checked is an expression that fits a schema: every name is resolved and every
// piece has a type. It never changes; each subtask compiles its own program
// from it.
type Checked struct {
	expr    *Expr
	root    *typed
	columns []int
	slots   int
}

// Check resolves and types an expression against the schema of its rows. It
// returns all that is wrong, not the first thing only.
func Check(e *Expr, schema *record.Schema) (*Checked, Errors) {
	c := &checker{text: e.Text, schema: schema}
	root := c.check(e.Root)
	if root != nil && root.isUntyped() {
		c.errorf(e.Root, "the type of NULL is not known here; write CAST(NULL AS int64) or another type")
	}
	if root != nil {
		c.storable(root)
	}
	if c.errs != nil {
		slices.SortStableFunc(c.errs, func(a, b Error) int { return a.Start - b.Start })
		return nil, c.errs
	}
	slices.Sort(c.columns)
	return &Checked{e, root, slices.Compact(c.columns), c.slots}, nil
}

// CheckCondition is [Check] for what must be TRUE or not, as in WHERE.
func CheckCondition(e *Expr, schema *record.Schema) (*Checked, Errors) {
	checked, errs := Check(e, schema)
	if errs == nil && checked.Type() != record.Bool {
		at := e.Root.Where()
		return nil, Errors{{Start: at.Start, End: at.End, Message: fmt.Sprintf("%s is %v; a condition is bool, such as x > 0 or x IS NOT NULL",
			excerpt.Of(e.Text[at.Start:at.End]), checked.Type())}}
	}
	return checked, errs
}

// Type returns the type of the result.
func (c *Checked) Type() record.Type { return c.root.typ }

// Fails reports whether there may be rows for which there is no result.
func (c *Checked) Fails() bool { return c.root.fails }

// Columns returns the positions of the columns that the expression reads, in
// ascending order.
func (c *Checked) Columns() []int { return c.columns }

// String returns the canonical form, see [Expr.String].
func (c *Checked) String() string { return c.expr.String() }
