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

// words is a growing array of 64-bit words in copy-on-write pages. What a word
// means is up to its owner: a value, a reference to a string, 64 bits of a bitmap.
type words struct {
	pages   [][]uint64
	changed []uint64 // per page the epoch of its last change
	epochs  *epochs
	guard   *guard // of a column whose rows are checked
}

// grow makes room for n words. New words are zero.
func (w *words) grow(n int) {
	if have := len(w.pages); have > 0 && len(w.pages[0]) < min(n, pageWords) {
		first := make([]uint64, firstPageWords(n, 2*len(w.pages[0])))
		copy(first, w.pages[0])
		w.pages[0], w.changed[0] = first, w.epochs.now
	}
	for len(w.pages)<<pageShift < n {
		size := pageWords
		if len(w.pages) == 0 {
			size = firstPageWords(n, firstWords)
		}
		w.pages = append(w.pages, make([]uint64, size))
		w.changed = append(w.changed, w.epochs.now)
	}
}

// firstPageWords doubles size until it holds n words or is a whole page.
func firstPageWords(n, size int) int {
	for size < n && size < pageWords {
		size *= 2
	}
	return min(size, pageWords)
}

// len returns how many words there is room for.
func (w *words) len() int {
	if len(w.pages) == 0 {
		return 0
	}
	return (len(w.pages)-1)<<pageShift + len(w.pages[len(w.pages)-1])
}

func (w *words) get(i RowID) uint64 { return w.pages[i>>pageShift][i&pageMask] }

// at returns word i for writing: its page is marked as changed, and copied
// first if a Frozen holds it.
func (w *words) at(i RowID) *uint64 {
	if w.guard != nil {
		w.guard.mustHave(i)
	}
	p := i >> pageShift
	if w.changed[p] != w.epochs.now {
		w.touch(p)
	}
	return &w.pages[p][i&pageMask]
}

// touch makes page p writable in the present epoch.
func (w *words) touch(p RowID) {
	if w.epochs.holdPage(w.changed[p]) {
		w.pages[p] = slices.Clone(w.pages[p])
	}
	w.changed[p] = w.epochs.now
}

func (w *words) bit(i RowID) bool { return w.get(i>>6)>>(i&63)&1 != 0 }

func (w *words) setBit(i RowID) { *w.at(i >> 6) |= 1 << (i & 63) }

func (w *words) clearBit(i RowID) { *w.at(i >> 6) &^= 1 << (i & 63) }

// growBits makes room for n bits.
func (w *words) growBits(n int) { w.grow((n + 63) >> 6) }

func (w *words) bytes() int { return 8 * w.len() }
