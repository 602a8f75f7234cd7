package nested

import (
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
)

// List builds lists of its arguments, one element each.
func List(s kernel.Site, args []kernel.Kernel) kernel.Kernel {
	return &makeList{typ: s.Type, args: args}
}

type makeList struct {
	typ  record.Type
	args []kernel.Kernel
	at   []int32 // scratch: where the elements of a row stand in all
}

func (k *makeList) Eval(r *kernel.Run, rows []int32) *record.Column {
	physical := r.Batch.Physical()
	all := r.Pool.NewColumn(k.typ.Element(), len(k.args)*physical)
	defer all.Release()
	for _, arg := range k.args {
		c := arg.Eval(r, rows)
		all.AppendRows(c, nil)
		c.Release()
	}
	out := r.Pool.NewColumn(k.typ, physical)
	for row := range physical {
		k.at = k.at[:0]
		for i := range k.args {
			k.at = append(k.at, int32(i*physical+row))
		}
		out.Elements().AppendRows(all, k.at)
		out.AppendList()
	}
	return out
}

// Struct builds structs of its arguments, a field each.
func Struct(s kernel.Site, args []kernel.Kernel) kernel.Kernel { return makeStruct{s.Type, args} }

type makeStruct struct {
	typ  record.Type
	args []kernel.Kernel
}

func (k makeStruct) Eval(r *kernel.Run, rows []int32) *record.Column {
	out := r.Pool.NewColumn(k.typ, r.Batch.Physical())
	for i, arg := range k.args {
		c := arg.Eval(r, rows)
		out.Child(i).AppendRows(c, nil)
		c.Release()
	}
	for range r.Batch.Physical() {
		out.AppendStruct()
	}
	return out
}
