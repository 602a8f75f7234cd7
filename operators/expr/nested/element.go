package nested

import (
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
)

// Element builds the element of a list at a position: 1 is the first, -1 the last;
// NULL where there is none.
func Element(s kernel.Site, args []kernel.Kernel) kernel.Kernel {
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
