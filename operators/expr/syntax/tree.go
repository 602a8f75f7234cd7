package syntax

import "github.com/weirstream/weir/runtime/record"

// Node is a piece of the syntax tree. Trees never change once parsed.
type Node interface {
	// Where returns the place of the piece in the text.
	Where() Place
}

// Place is what every node knows of its text: byte offsets, parentheses around
// the outermost operands included, and the height of the tree below it.
type Place struct {
	Start, End int
	height     int
}

// Where returns the place itself, for the nodes that it is part of.
func (p Place) Where() Place { return p }

// Column is the value of a column.
type Column struct {
	Place
	Name string
}

// Literal is a constant.
type Literal struct {
	Place
	Value Value
}

// Unary is "-x" or "NOT x".
type Unary struct {
	Place
	Op string
	X  Node
}

// Binary is an arithmetic operator, ||, a comparison, AND or OR. "!=" is kept as "<>".
type Binary struct {
	Place
	Op          string
	Left, Right Node
}

// Is is "x IS [NOT] what", what being NULL, TRUE or FALSE.
type Is struct {
	Place
	X    Node
	Not  bool
	What string
}

// In is "x [NOT] IN (list)"; the list is not empty.
type In struct {
	Place
	X    Node
	Not  bool
	List []Node
}

// Like is "x [NOT] LIKE pattern [ESCAPE escape]", or ILIKE if folded.
type Like struct {
	Place
	X, Pattern  Node
	Escape      Node // or nil
	Not, Folded bool
}

// AtZone is "x AT TIME ZONE zone".
type AtZone struct {
	Place
	X, Zone Node
}

// Between is "x [NOT] BETWEEN low AND high", both ends included.
type Between struct {
	Place
	X         Node
	Not       bool
	Low, High Node
}

// Case is CASE: searched where Operand is nil. Otherwise is nil without ELSE.
type Case struct {
	Place
	Operand   Node
	Arms      []Arm
	Otherwise Node
}

// Arm is "WHEN when THEN then".
type Arm struct{ When, Then Node }

// Cast is "CAST(x AS type)", "x::type" and "TRY_CAST(x AS type)".
type Cast struct {
	Place
	X    Node
	Type record.Type
	Try  bool // NULL where it fails
}

// Field is "x.name", a field of a struct.
type Field struct {
	Place
	X    Node
	Name string
}

// Element is "x[index]", an element of a list.
type Element struct {
	Place
	X, Index Node
}

// List is "[items]"; they are not empty.
type List struct {
	Place
	Items []Node
}

// Struct is "struct(x AS name, …)"; there is a name for each item.
type Struct struct {
	Place
	Items []Node
	Names []string
}

// Call is "name(args)", for functions and aggregates alike.
type Call struct {
	Place
	Name     string // in lower case
	Star     bool   // count(*)
	Distinct bool
	Args     []Node
	Filter   Node // of FILTER (WHERE …), or nil
}
