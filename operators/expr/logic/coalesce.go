package logic

import (
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
)

// coalescing is COALESCE: the first argument that is not null.
func coalescing(s kernel.Site, args []kernel.Kernel) kernel.Kernel {
	return &coalesce{typ: s.Type, args: args}
}

type coalesce struct {
	typ       record.Type
	args      []kernel.Kernel
	choice    choice
	hit, left []int32
}

// Eval gives each argument the rows for which all before it are null.
func (k *coalesce) Eval(r *kernel.Run, rows []int32) *record.Column {
	k.choice.begin(r, k.typ)
	k.left = append(k.left[:0], r.Positions(rows)...)
	for _, arg := range k.args {
		if len(k.left) == 0 {
			break
		}
		part := arg.Eval(r, k.left)
		k.hit = k.hit[:0]
		nulls := k.left[:0]
		for _, row := range k.left {
			if part.IsNull(int(row)) {
				nulls = append(nulls, row)
			} else {
				k.hit = append(k.hit, row)
			}
		}
		k.left = nulls
		k.choice.take(part, k.hit)
	}
	k.choice.null(k.left)
	return k.choice.end(r)
}
