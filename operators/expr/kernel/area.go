package kernel

import "github.com/weirstream/weir/runtime/record"

// Area is what a package of functions has.
type Area struct {
	// Functions are called by name.
	Functions []Function
	// Overloads are those of operators, by symbol, and of functions that another
	// area has, by name.
	Overloads map[string][]Overload
	Casts     []Cast
}

// Cast is how values of one kind of type are cast to another.
type Cast struct {
	From, To record.Kind
	Fails    bool // some values cannot be converted
	Build    Builder
}
