package expr

import (
	"github.com/weirstream/weir/runtime/record"
)

// kernel computes a piece of an expression. It belongs to one program, so it
// may keep scratch memory.
type kernel interface {
	// eval returns the values of rows, at their physical positions; nil is all
	// rows. Other positions hold anything that is safe to read. Only rows may
	// fail. The caller owns the column.
	eval(r *run, rows []int32) *record.Column
}

// builder returns a new kernel for a piece of an expression from those of its
// arguments. A strict function evaluates them all and is null where one is; a
// lazy one evaluates an argument only for the rows that need it.
type builder func(s site, args []kernel) kernel

// site is what a kernel knows of its place in the expression.
type site struct {
	text string      // as written, for messages
	typ  record.Type // of the result
	args []argument
}

// argument is what a kernel knows of one of its arguments.
type argument struct {
	typ   record.Type
	fails bool // for some rows, so that laziness shows
}
