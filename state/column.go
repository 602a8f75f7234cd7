package state

import (
	"slices"

	"github.com/weirstream/weir/runtime/record"
)

// column is one value per row: a word, which for text and decimals refers to the
// heap, if it is not the text itself.
type column struct {
	typ   record.Type
	words words
	nulls words // a bitmap, without a page until the first null is stored
	heap  *heap // of a column whose values do not fit into a word
}

func newColumn(t record.Type) column {
	c := column{typ: t}
	if inHeap(t) {
		c.heap = newHeap()
	}
	return c
}

// inHeap reports whether values of a type are kept in a heap, as bytes: those of
// text, the 16 of a decimal, low word first, and lists and structs (nested.go).
func inHeap(t record.Type) bool {
	switch t.Kind {
	case record.KindString, record.KindBytes, record.KindDecimal, record.KindList, record.KindStruct:
		return true
	}
	return false
}

// grow makes room for n rows.
func (c *column) grow(n int) {
	c.words.grow(n)
	if c.hasNulls() {
		c.nulls.grow((n + 63) >> 6)
	}
}

// hasNulls reports whether a null was ever stored.
func (c *column) hasNulls() bool { return len(c.nulls.pages) > 0 }

func (c *column) isNull(r RowID) bool { return c.hasNulls() && c.nulls.nullBit(r) }

// setNull says whether row r is null.
func (c *column) setNull(r RowID, null bool) {
	if null && !c.hasNulls() {
		c.nulls.grow((c.words.len() + 63) >> 6)
	}
	if c.hasNulls() {
		c.nulls.setNullBit(r, null)
	}
}

// clear gives the rows at places at the zero value. What strings they had must
// have been dropped.
func (c *column) clear(rows []RowID, at []int32) {
	for _, k := range at {
		*c.words.at(rows[k]) = 0
	}
	if c.hasNulls() {
		for _, k := range at {
			c.nulls.setNullBit(rows[k], false)
		}
	}
}

// compact moves the strings of rows out of pages that are mostly garbage. It is no
// change of the rows, but whoever still reads them as they were finds them by page.
func (t *Table) compact(c *column) {
	leave := c.heap.evacuate()
	for r := t.live.next(0); r != NoRow; r = t.live.next(r + 1) {
		if ref := c.words.get(r); inPages(ref) && leave[ref>>32] {
			t.preserve(r)
			*c.words.at(r) = c.heap.move(ref)
		}
	}
}

// view returns the column as it can be read while the owner goes on: what is there
// already stays where it is.
func (c *column) view() column {
	v := column{typ: c.typ, words: c.words.view(), nulls: c.nulls.view()}
	if c.heap != nil {
		v.heap = &heap{pages: slices.Clone(c.heap.pages)}
	}
	return v
}

// text returns the bytes of row r of a column that has a heap.
func (c *column) text(r RowID) []byte { return c.heap.text(&c.words.pages[r>>pageShift][r&pageMask]) }

func (c *column) bytes() int {
	n := c.words.bytes() + c.nulls.bytes()
	if c.heap != nil {
		n += c.heap.bytes()
	}
	return n
}
