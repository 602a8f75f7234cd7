package expr

import "github.com/weirstream/weir/runtime/record"

// node is a piece of the syntax tree. Trees never change once parsed.
type node interface {
	where() *place
}

// place is what every node knows of its text: byte offsets, parentheses around
// the outermost operands included, and the height of the tree below it.
type place struct {
	start, end int
	height     int
}

func (p *place) where() *place { return p }

// column is the value of a column.
type column struct {
	place
	name string
}

// literal is a constant.
type literal struct {
	place
	value value
}

// value is a constant. The zero value is NULL of a type not yet known.
type value struct {
	typ  record.Type
	null bool
	i    int64 // of integers, Timestamp (µs), Date (days), intervals (µs or months) and Bool (0 or 1)
	f    float64
	d    record.Decimal
	s    string // of String and Bytes
}

// isNull reports whether the value is NULL, typed or not.
func (v value) isNull() bool { return v.null || v.typ == record.Type{} }

// unary is "-x" or "NOT x".
type unary struct {
	place
	op string
	x  node
}

// binary is an arithmetic operator, ||, a comparison, AND or OR. "!=" is kept as "<>".
type binary struct {
	place
	op          string
	left, right node
}

// is is "x IS [NOT] what", what being NULL, TRUE or FALSE.
type is struct {
	place
	x    node
	not  bool
	what string
}

// in is "x [NOT] IN (list)"; the list is not empty.
type in struct {
	place
	x    node
	not  bool
	list []node
}

// like is "x [NOT] LIKE pattern [ESCAPE escape]", or ILIKE if folded.
type like struct {
	place
	x, pattern  node
	escape      node // or nil
	not, folded bool
}

// atZone is "x AT TIME ZONE zone".
type atZone struct {
	place
	x, zone node
}

// between is "x [NOT] BETWEEN low AND high", both ends included.
type between struct {
	place
	x         node
	not       bool
	low, high node
}

// caseOf is CASE: searched where operand is nil. otherwise is nil without ELSE.
type caseOf struct {
	place
	operand   node
	arms      []arm
	otherwise node
}

// arm is "WHEN when THEN then".
type arm struct{ when, then node }

// cast is "CAST(x AS typ)", "x::typ" and "TRY_CAST(x AS typ)".
type cast struct {
	place
	x   node
	typ record.Type
	try bool // NULL where it fails
}

// field is "x.name", a field of a struct.
type field struct {
	place
	x    node
	name string
}

// element is "x[index]", an element of a list.
type element struct {
	place
	x, index node
}

// listOf is "[items]"; they are not empty.
type listOf struct {
	place
	items []node
}

// structOf is "struct(x AS name, …)"; there is a name for each item.
type structOf struct {
	place
	items []node
	names []string
}

// call is "name(args)", for functions and aggregates alike.
type call struct {
	place
	name     string // in lower case
	star     bool   // count(*)
	distinct bool
	args     []node
	filter   node // of FILTER (WHERE …), or nil
}
