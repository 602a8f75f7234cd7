package expr

import (
	"github.com/weirstream/weir/operators/expr/syntax"
	"github.com/weirstream/weir/runtime/record"
)

// Comparison compares a column with a constant of its type, which is not NULL: int32 counts
// as int64. Op is =, <>, <, <=, > or >=.
type Comparison struct {
	Column int
	Op     string
	Value  syntax.Value
}

// Comparisons returns what holds for each row for which the condition is TRUE, as far as it
// compares columns of schema with constants: parts between which AND stands.
func (c *Checked) Comparisons(schema *record.Schema) []Comparison {
	return comparisons(nil, c.expr.Root, schema)
}

func comparisons(to []Comparison, n syntax.Node, schema *record.Schema) []Comparison {
	b, ok := n.(*syntax.Binary)
	if !ok {
		return to
	}
	if b.Op == "AND" {
		return comparisons(comparisons(to, b.Left, schema), b.Right, schema)
	}
	if flipped[b.Op] == "" {
		return to
	}
	for _, way := range []struct {
		column, literal syntax.Node
		op              string
	}{{b.Left, b.Right, b.Op}, {b.Right, b.Left, flipped[b.Op]}} {
		column, isColumn := way.column.(*syntax.Column)
		literal, isLiteral := way.literal.(*syntax.Literal)
		if !isColumn || !isLiteral || literal.Value.IsNull() {
			continue
		}
		i := schema.Index(column.Name)
		if i >= 0 && isOf(literal.Value.Type, schema.Field(i).Type) {
			to = append(to, Comparison{i, way.op, literal.Value})
		}
	}
	return to
}

// flipped has each comparison the other way round.
var flipped = map[string]string{"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

// isOf reports whether a constant is of the type of a column.
func isOf(constant, column record.Type) bool {
	switch column {
	case record.Int32, record.Int64:
		return constant == record.Int64
	case record.String, record.Timestamp, record.Date, record.Bool:
		return constant == column
	}
	return false
}
