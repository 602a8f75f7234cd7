package state

import (
	"math/bits"
	"slices"
)

// index finds rows by 32 bits of a hash: open addressing with linear probing, in
// segments that a directory finds by the highest of those bits (R. Fagin and others,
// Extendible hashing, 1979). A segment that is full is parted in two, so that no row
// pays for more than a segment, however large the table is.
//
// A slot holds those bits (high half) and the row + 1 (low half), 0 if it is
// free. The bits in the slot rule out nearly all wrong rows without a look at
// the table, and let a segment part and close gaps without one, too.
//
// The index follows from the rows and is never part of a snapshot.
type index struct {
	slots    [][]uint64 // of the segments, for searches to begin with
	segments []*segment // 1 << depth of them; neighbours may be the same one
	shift    uint8      // 32 - depth
	scratch  []uint64   // of a segment that is parted
	rows     int
}

// segment is the rows whose short hashes begin with the same bits.
type segment struct {
	slots []uint64 // a power of two of them
	used  int
	depth uint8 // how many bits are the same
}

const (
	// firstSlots is the size of the index of a small table.
	firstSlots = 16
	// segmentSlots is how large a segment gets before it is parted.
	segmentSlots = 16384
	// maxDepth bounds the directory.
	maxDepth = 20
)

// shortHash is the 32 bits of a key's hash and its sub-key's that the index goes by.
func shortHash(hash, sub uint64) uint32 {
	hi, lo := bits.Mul64(hash^sub*0x9E3779B97F4A7C15, 0xD1342543DE82EF95)
	return uint32(hi ^ lo)
}

func slotOf(short uint32, r RowID) uint64 { return uint64(short)<<32 | uint64(r+1) }

func rowIn(slot uint64) RowID { return RowID(uint32(slot)) - 1 }

func shortIn(slot uint64) uint32 { return uint32(slot >> 32) }

// newIndex returns an index with room for about so many rows.
func newIndex(rows int) index {
	slots, depth := firstSlots, uint8(0)
	for rows > slots/2 && slots < segmentSlots {
		slots *= 2
	}
	for rows>>depth > segmentSlots/2 && depth < maxDepth {
		depth++
	}
	x := index{slots: make([][]uint64, 1<<depth), segments: make([]*segment, 1<<depth), shift: 32 - depth}
	for i := range x.segments {
		x.set(i, &segment{slots: make([]uint64, slots), depth: depth})
	}
	return x
}

func (x *index) set(i int, s *segment) { x.slots[i], x.segments[i] = s.slots, s }

// segment returns where a short hash belongs.
func (x *index) segment(short uint32) *segment { return x.segments[uint64(short)>>(x.shift&63)] }

// add stores a row.
func (x *index) add(short uint32, r RowID) {
	s := x.segment(short)
	for s.full() {
		x.makeRoom(s, short)
		s = x.segment(short)
	}
	s.put(slotOf(short, r))
	s.used++
	x.rows++
}

// makeRoom enlarges or parts the segment of a short hash. One whose rows would all
// be in one half, as those of many equal hashes, is enlarged.
func (x *index) makeRoom(s *segment, short uint32) {
	high, depth := s, s.depth
	switch {
	case len(s.slots) < segmentSlots || s.depth == maxDepth || !s.parts():
		s.resize(2 * len(s.slots))
	default:
		if s.depth == 32-x.shift {
			x.deepen()
		}
		x.scratch = slices.Grow(x.scratch[:0], len(s.slots))[:len(s.slots)]
		high = s.part(x.scratch)
	}
	size := 1 << (32 - x.shift - depth) // its piece of the directory
	first := int(uint64(short)>>(x.shift&63)) &^ (size - 1)
	for i := range size {
		x.set(first+i, s)
	}
	for i := size / 2; i < size; i++ {
		x.set(first+i, high)
	}
}

// deepen doubles the directory.
func (x *index) deepen() {
	old := x.segments
	x.slots, x.segments, x.shift = make([][]uint64, 2*len(old)), make([]*segment, 2*len(old)), x.shift-1
	for i, s := range old {
		x.set(2*i, s)
		x.set(2*i+1, s)
	}
}

// next returns the next row with the short hash from place at on, and the place
// behind it; NoRow when there is none. A search begins at place short.
func (x *index) next(short, at uint32) (RowID, uint32) {
	slots := x.slots[uint64(short)>>(x.shift&63)]
	mask := uint32(len(slots) - 1)
	for {
		at &= mask
		slot := slots[at]
		at++
		if slot == 0 {
			return NoRow, at
		}
		if shortIn(slot) == short {
			return rowIn(slot), at
		}
	}
}

// swap stores a row in place of the first one that has its short hash, which it returns, or
// else adds it, and returns NoRow.
func (x *index) swap(short uint32, r RowID) (old RowID) {
	slots := x.slots[uint64(short)>>(x.shift&63)]
	mask := uint32(len(slots) - 1)
	for at := short & mask; slots[at] != 0; at = (at + 1) & mask {
		if slot := slots[at]; shortIn(slot) == short {
			slots[at] = slotOf(short, r)
			return rowIn(slot)
		}
	}
	x.add(short, r)
	return NoRow
}

// touch reads where a search for a short hash begins: for one after the other the processor
// waits for memory, for several at once it does so once.
func (x *index) touch(short uint32) uint64 {
	slots := x.slots[uint64(short)>>(x.shift&63)]
	return slots[short&uint32(len(slots)-1)]
}

// replace makes the place of row old that of row r of the same short hash.
func (x *index) replace(short uint32, old, r RowID) {
	s := x.segment(short)
	s.slots[s.place(short, old)] = slotOf(short, r)
}

// remove deletes a row.
func (x *index) remove(short uint32, r RowID) {
	x.segment(short).remove(short, r)
	x.rows--
}

func (x *index) bytes() int {
	n := 32*len(x.segments) + 8*cap(x.scratch)
	for i, s := range x.segments {
		if i == 0 || s != x.segments[i-1] {
			n += 8 * len(s.slots)
		}
	}
	return n
}

// full reports whether the segment must grow before one more row: at 3/4.
func (s *segment) full() bool { return s.used >= len(s.slots)/4*3 }

func (s *segment) resize(slots int) {
	old := s.slots
	s.slots = make([]uint64, slots)
	for _, slot := range old {
		if slot != 0 {
			s.put(slot)
		}
	}
}

// isHigh reports whether a slot belongs to the upper half of the segment.
func (s *segment) isHigh(slot uint64) bool { return slot<<s.depth>>63 != 0 }

// parts reports whether the segment has rows of both halves.
func (s *segment) parts() bool {
	var low, high bool
	return slices.ContainsFunc(s.slots, func(slot uint64) bool {
		low, high = low || slot != 0 && !s.isHigh(slot), high || slot != 0 && s.isHigh(slot)
		return low && high
	})
}

// part moves the upper half of the segment into one of its own.
func (s *segment) part(scratch []uint64) (high *segment) {
	s.depth++
	high = &segment{slots: make([]uint64, len(s.slots)), depth: s.depth}
	copy(scratch, s.slots)
	clear(s.slots)
	s.used = 0
	for _, slot := range scratch {
		half := s
		if slot<<(s.depth-1)>>63 != 0 {
			half = high
		}
		if slot != 0 {
			half.put(slot)
			half.used++
		}
	}
	return high
}

// put stores a slot at the first free place. REQUIRES: there is one.
func (s *segment) put(slot uint64) {
	mask := uint32(len(s.slots) - 1)
	at := shortIn(slot) & mask
	for s.slots[at] != 0 {
		at = (at + 1) & mask
	}
	s.slots[at] = slot
}

// place returns where a row is stored. REQUIRES: it is.
func (s *segment) place(short uint32, r RowID) uint32 {
	mask := uint32(len(s.slots) - 1)
	at := short & mask
	for want := slotOf(short, r); s.slots[at] != want; {
		if s.slots[at] == 0 {
			panic("state: a row is not in the index")
		}
		at = (at + 1) & mask
	}
	return at
}

// remove deletes a row and moves later ones up, so that no search meets a gap.
func (s *segment) remove(short uint32, r RowID) {
	mask := uint32(len(s.slots) - 1)
	gap := s.place(short, r)
	for at := (gap + 1) & mask; s.slots[at] != 0; at = (at + 1) & mask {
		home := shortIn(s.slots[at]) & mask
		if (at-home)&mask >= (at-gap)&mask { // the gap is on the way from home to here
			s.slots[gap] = s.slots[at]
			gap = at
		}
	}
	s.slots[gap] = 0
	s.used--
}
