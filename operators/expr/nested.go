package expr

import "github.com/weirstream/weir/runtime/record"

// fieldKernel is a field of a struct, shared with it and not copied.
func fieldKernel(index int) builder {
	return func(_ site, args []kernel) kernel { return readField{args[0], index} }
}

type readField struct {
	arg   kernel
	index int
}

func (k readField) eval(r *run, rows []int32) *record.Column {
	arg := r.plain(k.arg, rows)
	defer arg.Release()
	return arg.Child(k.index).Retain()
}

// elementKernel is an element of a list: 1 is the first, -1 the last; NULL where
// there is none.
func elementKernel(s site, args []kernel) kernel {
	return &readElement{typ: s.typ, list: args[0], index: args[1]}
}

type readElement struct {
	typ         record.Type
	list, index kernel
	at          []int32 // per row, of asked-for ones: position in the elements, or none
}

const none int32 = -1

func (k *readElement) eval(r *run, rows []int32) *record.Column {
	list, index := r.plain(k.list, rows), r.flat(k.index, rows)
	defer list.Release()
	defer index.Release()
	if isNullConstant(index) || list.Elements().Len() == 0 {
		return r.null(k.typ)
	}
	k.locate(r, list, index, rows)
	return gatherOrNull(r, list.Elements(), k.at)
}

// locate fills k.at.
func (k *readElement) locate(r *run, list, index *record.Column, rows []int32) {
	k.at = k.at[:0]
	for range r.batch.Physical() {
		k.at = append(k.at, none)
	}
	offsets, indexes, each := list.Offsets(), index.Int64s(), step(index)
	for _, row := range r.positions(rows) {
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
func gatherOrNull(r *run, from *record.Column, at []int32) *record.Column {
	out := r.pool.NewColumn(from.Type(), len(at))
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
func listKernel(s site, args []kernel) kernel {
	return &makeList{typ: s.typ, args: args}
}

type makeList struct {
	typ  record.Type
	args []kernel
	at   []int32 // scratch: where the elements of a row stand in all
}

func (k *makeList) eval(r *run, rows []int32) *record.Column {
	physical := r.batch.Physical()
	all := r.pool.NewColumn(k.typ.Element(), len(k.args)*physical)
	defer all.Release()
	for _, arg := range k.args {
		c := arg.eval(r, rows)
		all.AppendRows(c, nil)
		c.Release()
	}
	out := r.pool.NewColumn(k.typ, physical)
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
func structKernel(s site, args []kernel) kernel { return makeStruct{s.typ, args} }

type makeStruct struct {
	typ  record.Type
	args []kernel
}

func (k makeStruct) eval(r *run, rows []int32) *record.Column {
	out := r.pool.NewColumn(k.typ, r.batch.Physical())
	for i, arg := range k.args {
		c := arg.eval(r, rows)
		out.Child(i).AppendRows(c, nil)
		c.Release()
	}
	for range r.batch.Physical() {
		out.AppendStruct()
	}
	return out
}
