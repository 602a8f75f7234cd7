package state

import "slices"

// A page holds 8,192 words of 64 bits: 64 KiB.
const (
	pageShift = 13
	pageWords = 1 << pageShift
	pageMask  = pageWords - 1
	pageBytes = pageWords * 8
)

// firstWords is how many words the first page of a column begins with. It
// doubles up to a whole page, so that a small table stays small.
const firstWords = 16

// words is a growing array of 64-bit words in pages, which never move once they are
// whole. What a word means is up to its owner: a value, a reference to a string, 64
// bits of a bitmap.
type words struct {
	array[uint64]
	guard *guard // of a column whose rows are checked
}

// len returns how many words there is room for.
func (w *words) len() int {
	if len(w.pages) == 0 {
		return 0
	}
	return (len(w.pages)-1)<<pageShift + len(w.pages[len(w.pages)-1])
}

func (w *words) get(i RowID) uint64 { return w.pages[i>>pageShift][i&pageMask] }

// at returns word i for writing. REQUIRES: the row that it is of is new, or its
// change was noted ([Table.touch]).
func (w *words) at(i RowID) *uint64 {
	if w.guard != nil {
		w.guard.mustHave(i)
	}
	return &w.pages[i>>pageShift][i&pageMask]
}

// view returns the words as they can be read while the owner goes on.
func (w *words) view() words { return words{array: array[uint64]{slices.Clone(w.pages)}} }
