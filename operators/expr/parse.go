package expr

import "github.com/weirstream/weir/operators/expr/syntax"

// What reading a text makes, for those who go on to check and compute it. Package
// syntax has the trees behind these.
type (
	Expr          = syntax.Expr
	Error         = syntax.Error
	Errors        = syntax.Errors
	SelectItem    = syntax.SelectItem
	Unnest        = syntax.Unnest
	AggregateCall = syntax.AggregateCall
)

// Parse reads an expression, as [syntax.Parse] does.
func Parse(text string) (*Expr, Errors) { return syntax.Parse(text) }

// ParseSelectItem reads "expr AS name", as [syntax.ParseSelectItem] does.
func ParseSelectItem(text string) (SelectItem, Errors) { return syntax.ParseSelectItem(text) }

// ParseUnnest reads "list AS element", as [syntax.ParseUnnest] does.
func ParseUnnest(text string) (Unnest, Errors) { return syntax.ParseUnnest(text) }

// ParseAggregate reads "sum(x)" and the like, as [syntax.ParseAggregate] does.
func ParseAggregate(text string) (AggregateCall, Errors) { return syntax.ParseAggregate(text) }

// Name returns a name as expressions write it, as [syntax.Name] does.
func Name(name string) string { return syntax.Name(name) }
