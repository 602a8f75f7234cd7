package nested

import (
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
)

// Field returns the builder of a field of a struct, which is shared with it and not
// copied.
func Field(index int) kernel.Builder {
	return func(_ kernel.Site, args []kernel.Kernel) kernel.Kernel { return readField{args[0], index} }
}

type readField struct {
	arg   kernel.Kernel
	index int
}

func (k readField) Eval(r *kernel.Run, rows []int32) *record.Column {
	arg := r.Plain(k.arg, rows)
	defer arg.Release()
	return arg.Child(k.index).Retain()
}
