package optest

import (
	"math/rand/v2"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// A cut brings a stream into another form that says the same.
type cut func([]Element, *rand.Rand) []Element

func cutRows(elements []Element, _ *rand.Rand) []Element {
	return cutInto(elements, func(int) int { return 1 })
}

func cutRandomly(elements []Element, random *rand.Rand) []Element {
	return cutInto(join(elements, random), func(left int) int { return 1 + random.IntN(left) })
}

// cutInto cuts batches into pieces of sizes that are drawn, given how many rows are
// left. An update that comes with its row before stays in one piece.
func cutInto(elements []Element, size func(left int) int) (pieces []Element) {
	for _, e := range elements {
		for len(e.Rows) > 0 {
			n := size(len(e.Rows))
			for n < len(e.Rows) && e.Rows[n].Kind == record.UpdateAfter && e.Rows[n-1].Kind == record.UpdateBefore {
				n++
			}
			pieces = append(pieces, Rows(e.Rows[:n]...).Of(e.In))
			e.Rows = e.Rows[n:]
		}
		if e.Rows == nil {
			pieces = append(pieces, e)
		}
	}
	return pieces
}

// join makes one batch of the rows of an input between any two other elements.
func join(elements []Element, _ *rand.Rand) (joined []Element) {
	for _, e := range elements {
		if last := len(joined) - 1; e.Rows != nil && last >= 0 && joined[last].Rows != nil && joined[last].In == e.In {
			joined[last].Rows = append(joined[last].Rows[:len(joined[last].Rows):len(joined[last].Rows)], e.Rows...)
			continue
		}
		joined = append(joined, e)
	}
	return joined
}

// doze cuts at random, and has inputs become idle behind some watermarks and wake
// before their next rows.
func doze(elements []Element, random *rand.Rand) (dozing []Element) {
	idle := map[stream.InputID]record.Time{} // the last watermark of those that are
	for _, e := range cutRandomly(elements, random) {
		if mark, is := idle[e.In]; is && e.Rows != nil {
			dozing = append(dozing, Watermark(mark).Of(e.In))
			delete(idle, e.In)
		}
		dozing = append(dozing, e)
		if e.Else.Kind != stream.KindWatermark || e.Else.Time == record.MaxTime {
			continue
		}
		if delete(idle, e.In); random.IntN(2) == 0 {
			idle[e.In] = e.Else.Time
			dozing = append(dozing, Idle().Of(e.In))
		}
	}
	return dozing
}

// weave cuts at random, and brings the elements of the inputs in another order, of
// which that within an input is kept, and what lies on this and that side of the clock.
func weave(elements []Element, random *rand.Rand) (woven []Element) {
	var waiting [][]Element // by input
	left := 0
	merge := func() {
		for ; left > 0; left-- {
			of := pick(waiting, random.IntN(left))
			woven, *of = append(woven, (*of)[0]), (*of)[1:]
		}
	}
	for _, e := range cutRandomly(elements, random) {
		if e.isClock() {
			merge()
			woven = append(woven, e)
			continue
		}
		for int(e.In) >= len(waiting) {
			waiting = append(waiting, nil)
		}
		waiting[e.In] = append(waiting[e.In], e)
		left++
	}
	merge()
	return woven
}

// pick returns the list that has element i of all of them.
func pick(lists [][]Element, i int) *[]Element {
	for l := range lists {
		if i -= len(lists[l]); i < 0 {
			return &lists[l]
		}
	}
	panic("optest: pick of an element that there is not")
}
