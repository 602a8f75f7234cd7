package state

import "math/bits"

// index finds rows by 32 bits of a hash: open addressing with linear probing.
// A slot holds those bits (high half) and the row + 1 (low half), 0 if it is
// free. The bits in the slot rule out nearly all wrong rows without a look at
// the table, and let the index grow and close gaps without one, too.
//
// The index follows from the rows and is never part of a snapshot.
type index struct {
	slots []uint64 // a power of two of them
	used  int
}

// firstSlots is the size of the index of a small table.
const firstSlots = 16

// shortHash is the 32 bits of a key's hash and order key that the index goes by.
func shortHash(hash uint64, order uint64) uint32 {
	hi, lo := bits.Mul64(hash^order*0x9E3779B97F4A7C15, 0xD1342543DE82EF95)
	return uint32(hi ^ lo)
}

func slotOf(short uint32, r RowID) uint64 { return uint64(short)<<32 | uint64(r+1) }

func rowIn(slot uint64) RowID { return RowID(uint32(slot)) - 1 }

func shortIn(slot uint64) uint32 { return uint32(slot >> 32) }

// full reports whether the index must grow before one more row: at 3/4.
func (x *index) full() bool { return x.used >= len(x.slots)/4*3 }

// grow doubles the index.
func (x *index) grow() { x.resize(max(firstSlots, 2*len(x.slots))) }

func (x *index) resize(slots int) {
	old := x.slots
	x.slots = make([]uint64, slots)
	for _, slot := range old {
		if slot != 0 {
			x.put(slot)
		}
	}
}

// put stores a slot at the first free place. REQUIRES: there is one.
func (x *index) put(slot uint64) {
	mask := uint32(len(x.slots) - 1)
	at := shortIn(slot) & mask
	for x.slots[at] != 0 {
		at = (at + 1) & mask
	}
	x.slots[at] = slot
}

// add stores a row.
func (x *index) add(short uint32, r RowID) {
	if x.full() {
		x.grow()
	}
	x.put(slotOf(short, r))
	x.used++
}

// next returns the next row with the short hash from place at on, and the place
// behind it; NoRow when there is none. A search begins at place short.
func (x *index) next(short, at uint32) (RowID, uint32) {
	if len(x.slots) == 0 {
		return NoRow, at
	}
	mask := uint32(len(x.slots) - 1)
	for {
		at &= mask
		slot := x.slots[at]
		at++
		if slot == 0 {
			return NoRow, at
		}
		if shortIn(slot) == short {
			return rowIn(slot), at
		}
	}
}

// place returns where a row is stored. REQUIRES: it is.
func (x *index) place(short uint32, r RowID) uint32 {
	mask := uint32(len(x.slots) - 1)
	at := short & mask
	for want := slotOf(short, r); x.slots[at] != want; {
		at = (at + 1) & mask
	}
	return at
}

// replace makes the place of row old that of row r of the same short hash.
func (x *index) replace(short uint32, old, r RowID) {
	x.slots[x.place(short, old)] = slotOf(short, r)
}

// remove deletes a row and moves later ones up, so that no search meets a gap.
func (x *index) remove(short uint32, r RowID) {
	mask := uint32(len(x.slots) - 1)
	gap := x.place(short, r)
	for at := (gap + 1) & mask; x.slots[at] != 0; at = (at + 1) & mask {
		home := shortIn(x.slots[at]) & mask
		if (at-home)&mask >= (at-gap)&mask { // the gap is on the way from home to here
			x.slots[gap] = x.slots[at]
			gap = at
		}
	}
	x.slots[gap] = 0
	x.used--
}

func (x *index) bytes() int { return 8 * len(x.slots) }
