package nested

import (
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/operators/expr/logic"
	"github.com/weirstream/weir/runtime/record"
)

// prepareContains makes what is looked for an element of the list.
func prepareContains(p *kernel.Preparation) kernel.Builder {
	element := p.TypeOf(0).Element()
	if element.IsNested() {
		return p.Wrong(0, "%s is %v; lists and structs are not compared", p.Excerpt(0), p.TypeOf(0))
	}
	want := element
	if element.Kind == record.KindDecimal && !p.IsNull(1) {
		want = kernel.AnyDecimal // scales may differ
	}
	if !p.Convert(1, want) {
		return p.Wrong(1, "%s is %v and the elements of %s are %v; write CAST(%s AS %v)", p.Excerpt(1), p.TypeOf(1),
			p.Excerpt(0), element, p.Excerpt(1), element)
	}
	return containing
}

// containing is array_contains of a list and a value that compares with its
// elements.
func containing(s kernel.Site, args []kernel.Kernel) kernel.Kernel {
	return &contains{list: args[0], x: args[1], equal: logic.Equality(s.Args[0].Type.Element(), s.Args[1].Type)}
}

type contains struct {
	list, x kernel.Kernel
	equal   logic.Comparer
	owner   []int32 // per element, the row of its list
}

func (k *contains) Eval(r *kernel.Run, rows []int32) *record.Column {
	list, x := r.Plain(k.list, rows), r.Flat(k.x, rows)
	defer list.Release()
	defer x.Release()
	if kernel.IsNullConstant(x) {
		return r.Null(record.Bool)
	}
	out := r.NewColumn(record.Bool, false)
	record.FillBits(out.Bits(), out.Len(), false)
	kernel.JoinNulls(out, list, x)
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
	k.equal.Read(elements, wanted)
	for low := 0; low < len(k.owner); low += 64 {
		high := min(low+64, len(k.owner))
		k.mark(out, elements, k.equal.Word(low, high), low, high)
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
