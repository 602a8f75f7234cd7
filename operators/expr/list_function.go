package expr

import "github.com/weirstream/weir/runtime/record"

// lengthOfList is cardinality.
func lengthOfList(_ site, args []kernel) kernel { return listLength{args[0]} }

type listLength struct{ arg kernel }

func (k listLength) eval(r *run, rows []int32) *record.Column {
	list := r.flat(k.arg, rows)
	defer list.Release()
	if isNullConstant(list) {
		return r.null(record.Int64)
	}
	out := r.column(record.Int64, isConstant(list))
	joinNulls(out, list)
	offsets, to := list.Offsets(), out.Int64s()
	for i := range to {
		to[i] = int64(offsets[i+1] - offsets[i])
	}
	return out
}

// prepareContains makes what is looked for an element of the list.
func prepareContains(p *preparation) builder {
	element := p.typeOf(0).Element()
	if element.IsNested() {
		return p.wrong(0, "%s is %v; lists and structs are not compared", p.excerpt(0), p.typeOf(0))
	}
	want := element
	if element.Kind == record.KindDecimal && !p.isNull(1) {
		want = anyDecimal // scales may differ
	}
	if !p.convert(1, want) {
		return p.wrong(1, "%s is %v and the elements of %s are %v; write CAST(%s AS %v)", p.excerpt(1), p.typeOf(1),
			p.excerpt(0), element, p.excerpt(1), element)
	}
	return containing
}

// containing is array_contains of a list and a value that compares with its
// elements.
func containing(s site, args []kernel) kernel {
	k := &contains{list: args[0], x: args[1]}
	compared := []argument{{typ: s.args[0].typ.Element()}, {typ: s.args[1].typ}}
	k.equal = comparing("=")(site{args: compared}, nil).(*comparison).rows
	return k
}

type contains struct {
	list, x kernel
	equal   comparer
	owner   []int32 // per element, the row of its list
}

func (k *contains) eval(r *run, rows []int32) *record.Column {
	list, x := r.plain(k.list, rows), r.flat(k.x, rows)
	defer list.Release()
	defer x.Release()
	if isNullConstant(x) {
		return r.null(record.Bool)
	}
	out := r.column(record.Bool, false)
	record.FillBits(out.Bits(), out.Len(), false)
	joinNulls(out, list, x)
	elements := list.Elements()
	if elements.Len() == 0 {
		return out
	}
	offsets := list.Offsets()
	k.owner = k.owner[:0]
	for row := range list.Len() {
		for range offsets[row+1] - offsets[row] {
			k.owner = append(k.owner, int32(row))
		}
	}
	wanted := x.Gather(k.owner)
	k.equal.read(elements, wanted)
	for low := 0; low < len(k.owner); low += 64 {
		high := min(low+64, len(k.owner))
		k.mark(out, elements, k.equal.word(low, high), low, high)
	}
	wanted.Release()
	return out
}

// mark sets the results of the lists whose elements in [low, high) are equal.
func (k *contains) mark(out, elements *record.Column, equal uint64, low, high int) {
	if valid := elements.Validity(); valid != nil {
		equal &= valid[low>>6]
	}
	for i := low; i < high; i++ {
		if equal>>(i&63)&1 != 0 {
			record.SetBit(out.Bits(), int(k.owner[i]), true)
		}
	}
}
