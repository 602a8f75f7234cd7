package state

import "github.com/weirstream/weir/runtime/record"

// column is one value per row: a word, which for text and decimals refers to the
// heap.
type column struct {
	typ   record.Type
	words words
	nulls words // a bitmap, without a page until the first null is stored; keys only
	heap  *heap // of a column whose values do not fit into a word
}

func newColumn(t record.Type, e *epochs) column {
	c := column{typ: t, words: words{epochs: e}, nulls: words{epochs: e}}
	if inHeap(t) {
		c.heap = newHeap(e)
	}
	return c
}

// inHeap reports whether values of a type are kept in a heap, as bytes: those of
// text, and the 16 of a decimal, low word first.
func inHeap(t record.Type) bool {
	switch t.Kind {
	case record.KindString, record.KindBytes, record.KindDecimal:
		return true
	}
	return false
}

// grow makes room for n rows.
func (c *column) grow(n int) {
	c.words.grow(n)
	if c.hasNulls() {
		c.nulls.growBits(n)
	}
}

// hasNulls reports whether a null was ever stored.
func (c *column) hasNulls() bool { return len(c.nulls.pages) > 0 }

func (c *column) isNull(r RowID) bool { return c.hasNulls() && c.nulls.bit(r) }

// setNull says whether row r is null.
func (c *column) setNull(r RowID, null bool) {
	switch {
	case null:
		if !c.hasNulls() {
			c.nulls.growBits(c.words.len())
		}
		c.nulls.setBit(r)
	case c.hasNulls():
		c.nulls.clearBit(r)
	}
}

// clear gives the rows at places at the zero value. What strings they had must
// have been dropped.
func (c *column) clear(rows []RowID, at []int32) {
	for _, k := range at {
		*c.words.at(rows[k]) = 0
	}
}

// compact moves the strings of rows out of pages that are mostly garbage.
func (c *column) compact(live *liveRows) {
	leave := c.heap.evacuate()
	for r := live.next(0); r != NoRow; r = live.next(r + 1) {
		ref := c.words.get(r)
		if ref != 0 && leave[ref>>32] {
			*c.words.at(r) = c.heap.move(ref)
		}
	}
}

func (c *column) bytes() int {
	n := c.words.bytes() + c.nulls.bytes()
	if c.heap != nil {
		n += c.heap.bytes()
	}
	return n
}
