package nested

import (
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
)

// lengthOfList is cardinality.
func lengthOfList(_ kernel.Site, args []kernel.Kernel) kernel.Kernel { return listLength{args[0]} }

type listLength struct{ arg kernel.Kernel }

func (k listLength) Eval(r *kernel.Run, rows []int32) *record.Column {
	list := r.Flat(k.arg, rows)
	defer list.Release()
	if kernel.IsNullConstant(list) {
		return r.Null(record.Int64)
	}
	out := r.NewColumn(record.Int64, kernel.IsConstant(list))
	kernel.JoinNulls(out, list)
	offsets, to := list.Offsets(), out.Int64s()
	for i := range to {
		to[i] = int64(offsets[i+1] - offsets[i])
	}
	return out
}
