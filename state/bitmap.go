package state

import (
	"math/bits"
	"slices"
	"sync/atomic"
)

// bitmap is a bit per row. Rows behind its end have none set.
type bitmap []uint64

func (b bitmap) has(r RowID) bool { return int(r>>6) < len(b) && b[r>>6]>>(r&63)&1 != 0 }

func (b bitmap) set(r RowID) { b[r>>6] |= 1 << (r & 63) }

func (b bitmap) clear(r RowID) { b[r>>6] &^= 1 << (r & 63) }

// move gives the bit of one row, set or not, to another.
func (b bitmap) move(from, to RowID) {
	if b.clear(to); b.has(from) {
		b.clear(from)
		b.set(to)
	}
}

// grow makes room for n rows.
func (b *bitmap) grow(n int) {
	if words := (n + 63) >> 6; words > len(*b) {
		had := len(*b)
		*b = slices.Grow(*b, words-had)[:words]
		clear((*b)[had:])
	}
}

// add sets the bits of another bitmap, too.
func (b *bitmap) add(other bitmap) {
	b.grow(64 * len(other))
	for i, rows := range other {
		(*b)[i] |= rows
	}
}

// and clears the bits that another bitmap has not.
func (b bitmap) and(other bitmap) {
	for i := range b {
		if i < len(other) {
			b[i] &= other[i]
		} else {
			b[i] = 0
		}
	}
}

// meets reports whether another bitmap has one of the bits.
func (b bitmap) meets(other bitmap) bool {
	for i := range min(len(b), len(other)) {
		if b[i]&other[i] != 0 {
			return true
		}
	}
	return false
}

func (b bitmap) count() (n int) {
	for _, rows := range b {
		n += bits.OnesCount64(rows)
	}
	return n
}

// next returns the least row ≥ from whose bit is set, or NoRow.
func (b bitmap) next(from RowID) RowID {
	for w := from >> 6; int(w) < len(b); w++ {
		rows := b[w]
		if w == from>>6 {
			rows &= ^uint64(0) << (from & 63)
		}
		if rows != 0 {
			return w<<6 + RowID(bits.TrailingZeros64(rows))
		}
	}
	return NoRow
}

// nullBit and setNullBit are for bitmaps that one goroutine writes and others read:
// the bits of 64 rows share a word, and a reader is after other rows than the writer.
func (w *words) nullBit(r RowID) bool {
	return atomic.LoadUint64(&w.pages[r>>6>>pageShift][r>>6&pageMask])>>(r&63)&1 != 0
}

func (w *words) setNullBit(r RowID, null bool) {
	word := &w.pages[r>>6>>pageShift][r>>6&pageMask]
	bits := *word &^ (1 << (r & 63))
	if null {
		bits |= 1 << (r & 63)
	}
	if bits != *word {
		atomic.StoreUint64(word, bits)
	}
}
