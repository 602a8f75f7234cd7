package expr

import (
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
)

// fieldKernel is a field of a struct, shared with it and not copied.
func fieldKernel(index int) kernel.Builder {
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

// elementKernel is an element of a list: 1 is the first, -1 the last; NULL where
// there is none.
func elementKernel(s kernel.Site, args []kernel.Kernel) kernel.Kernel {
	return &readElement{typ: s.Type, list: args[0], index: args[1]}
}

type readElement struct {
	typ         record.Type
	list, index kernel.Kernel
	at          []int32 // per row, of asked-for ones: position in the elements, or none
}

const none int32 = -1

func (k *readElement) Eval(r *kernel.Run, rows []int32) *record.Column {
	list, index := r.Plain(k.list, rows), r.Flat(k.index, rows)
	defer list.Release()
	defer index.Release()
	if kernel.IsNullConstant(index) || list.Elements().Len() == 0 {
		return r.Null(k.typ)
	}
	k.locate(r, list, index, rows)
	return gatherOrNull(r, list.Elements(), k.at)
}

// locate fills k.at.
func (k *readElement) locate(r *kernel.Run, list, index *record.Column, rows []int32) {
	k.at = k.at[:0]
	for range r.Batch.Physical() {
		k.at = append(k.at, none)
	}
	offsets, indexes, each := list.Offsets(), index.Int64s(), kernel.Step(index)
	for _, row := range r.Positions(rows) {
		i := int(row)
		if list.IsNull(i) || index.IsNull(i) {
			continue
		}
		from, length := offsets[i], int64(offsets[i+1]-offsets[i])
		at := indexes[i*each]
		if at < 0 {
			at += length + 1
		}
		if at >= 1 && at <= length {
			k.at[i] = from + int32(at-1)
		}
	}
}

// gatherOrNull returns a column of the values of from, which is plain and has
// some, at positions, NULL for none.
func gatherOrNull(r *kernel.Run, from *record.Column, at []int32) *record.Column {
	out := r.Pool.NewColumn(from.Type(), len(at))
	for low := 0; low < len(at); {
		high := low
		for high < len(at) && at[high] != none {
			high++
		}
		out.AppendRows(from, at[low:high])
		for ; high < len(at) && at[high] == none; high++ {
			out.AppendNull()
		}
		low = high
	}
	return out
}

// listKernel makes lists of its arguments, one element each.
func listKernel(s kernel.Site, args []kernel.Kernel) kernel.Kernel {
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

// structKernel makes structs of its arguments, a field each.
func structKernel(s kernel.Site, args []kernel.Kernel) kernel.Kernel { return makeStruct{s.Type, args} }

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
