package kernel

import (
	"github.com/weirstream/weir/runtime/record"
)

// Kernel computes a piece of an expression. It belongs to one program, so it
// may keep scratch memory.
type Kernel interface {
	// Eval returns the values of rows, at their physical positions; nil is all
	// rows. Other positions hold anything that is safe to read. Only rows may
	// fail. The caller owns the column.
	Eval(r *Run, rows []int32) *record.Column
}

// Builder returns a new kernel for a piece of an expression from those of its
// arguments. A strict function evaluates them all and is null where one is; a
// lazy one evaluates an argument only for the rows that need it.
type Builder func(s Site, args []Kernel) Kernel

// Site is what a kernel knows of its place in the expression.
type Site struct {
	Text string      // as written, for messages
	Type record.Type // of the result
	Args []Argument
}

// Argument is what a kernel knows of one of its arguments.
type Argument struct {
	Type  record.Type
	Fails bool // for some rows, so that laziness shows
}
