package state

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/snapshot"
)

// setPage stores a page of a snapshot, in place of what was there.
func (t *Table) setPage(a snapshot.Address, content []byte) error {
	var w *words
	var c *column
	switch key := int(a.Column) - firstKeyColumn; {
	case a.Column == liveColumn && a.Part == snapshot.Bits:
		w = &t.live.words
	case a.Column == hashColumn && a.Part == snapshot.Words:
		w = &t.hash
	case key >= 0 && key < len(t.keys):
		c = &t.keys[key]
	case key >= len(t.keys) && key-len(t.keys) < len(t.values):
		c = &t.values[key-len(t.keys)]
	}
	switch {
	case w != nil:
	case c != nil && a.Part == snapshot.Words:
		w = &c.words
	case c != nil && a.Part == snapshot.Bits && int(a.Column)-firstKeyColumn < len(t.keys):
		w = &c.nulls
	case c != nil && a.Part == snapshot.Strings && c.heap != nil:
		return c.heap.setPage(a.Number, content)
	default:
		return fmt.Errorf("the table has no such page")
	}
	return w.setPage(a.Number, content)
}

func (w *words) setPage(number uint32, content []byte) error {
	n := len(content) / 8
	switch {
	case int(number) > len(w.pages):
		return fmt.Errorf("page %d is missing before it", len(w.pages))
	case n == 0 || n*8 != len(content) || n > pageWords || number > 0 && n < pageWords:
		return fmt.Errorf("a page of %d bytes", len(content))
	}
	page := make([]uint64, n)
	for i := range page {
		page[i] = binary.LittleEndian.Uint64(content[8*i:])
	}
	if int(number) == len(w.pages) {
		w.pages, w.changed = append(w.pages, nil), append(w.changed, 0)
	}
	w.pages[number], w.changed[number] = page, w.epochs.now
	return nil
}

func (h *heap) setPage(number uint32, content []byte) error {
	if int(number) > len(h.pages) {
		return fmt.Errorf("page %d of the strings is missing before it", len(h.pages))
	}
	if int(number) == len(h.pages) {
		h.pages = append(h.pages, heapPage{})
	}
	h.pages[number] = heapPage{data: bytes.Clone(content), changed: h.epochs.now, made: h.epochs.now}
	return nil
}

// complete checks a table whose pages all were set, and derives the rest.
func (t *Table) complete(keys keyrange.Range) error {
	if err := t.checkRoom(); err != nil {
		return err
	}
	for r := t.Scan(0); r != NoRow; r = t.Scan(r + 1) {
		if r >= t.limit {
			return fmt.Errorf("row %d is live, of %d rows", r, t.limit)
		}
		if !keys.Contains(t.hash.get(r)) {
			return fmt.Errorf("the hash %016x of row %d is outside of the key range", t.hash.get(r), r)
		}
		t.count++
	}
	for _, columns := range [][]column{t.keys, t.values} {
		for i := range columns {
			if err := columns[i].complete(&t.live); err != nil {
				return fmt.Errorf("column %d: %w", i, err)
			}
		}
	}
	t.reindex()
	return nil
}

// checkRoom makes sure that all columns have the same room, and enough of it.
func (t *Table) checkRoom() error {
	n := t.hash.len()
	if !t.hash.even() || n < int(t.limit) {
		return fmt.Errorf("the hashes have room for %d rows of %d", n, t.limit)
	}
	if !t.live.even() || t.live.len() < record.Words(n) {
		return fmt.Errorf("the bitmap of live rows has %d words for %d rows", t.live.len(), n)
	}
	for _, columns := range [][]column{t.keys, t.values} {
		for i := range columns {
			c := &columns[i]
			if !c.words.even() || c.words.len() != n {
				return fmt.Errorf("column %d has room for %d rows of %d", i, c.words.len(), n)
			}
			if c.hasNulls() && (!c.nulls.even() || c.nulls.len() < record.Words(n)) {
				return fmt.Errorf("column %d has %d words of nulls for %d rows", i, c.nulls.len(), n)
			}
		}
	}
	return nil
}

// even reports whether all pages but an only one are whole.
func (w *words) even() bool { return len(w.pages) < 2 || len(w.pages[0]) == pageWords }

// complete checks the references of live rows and derives what is garbage.
func (c *column) complete(live *liveRows) error {
	if c.heap == nil {
		return nil
	}
	for r := live.next(0); r != NoRow; r = live.next(r + 1) {
		if err := c.heap.count(c.words.get(r)); err != nil {
			return fmt.Errorf("row %d: %w", r, err)
		}
	}
	c.heap.dropEmpty()
	return nil
}

// count notes that a row refers to a string.
func (h *heap) count(ref uint64) error {
	if ref == 0 {
		return nil
	}
	p, offset, length := ref>>32, int(ref>>16&0xFFFF), int(ref&0xFFFF)
	if p >= uint64(len(h.pages)) {
		return fmt.Errorf("its string is on page %d of %d", p, len(h.pages))
	}
	page := &h.pages[p]
	if length == ownPage {
		offset, length = 0, len(page.data)
	}
	if length == 0 || offset+length > len(page.data) {
		return fmt.Errorf("its string is at %d to %d of page %d, which has %d bytes", offset, offset+length, p, len(page.data))
	}
	page.live += length
	h.live += length
	return nil
}

// dropEmpty gives up the pages that no row refers to; the lowest is used first.
func (h *heap) dropEmpty() {
	for p := len(h.pages) - 1; p >= 0; p-- {
		page := &h.pages[p]
		if page.live == 0 {
			page.data = nil
			h.free = append(h.free, p)
		}
		h.used += len(page.data)
	}
}

// copyRows adds the rows of another table of the same declaration whose hash
// lies in r. REQUIRES: reindex, before t is used.
func (t *Table) copyRows(from *Table, r keyrange.Range) {
	for q := from.Scan(0); q != NoRow; q = from.Scan(q + 1) {
		if !r.Contains(from.Hash(q)) {
			continue
		}
		row := t.takeRow()
		t.makeRoom()
		t.live.setBit(row)
		*t.hash.at(row) = from.hash.get(q)
		for i := range t.keys {
			t.keys[i].copyValue(row, &from.keys[i], q)
		}
		for i := range t.values {
			t.values[i].copyValue(row, &from.values[i], q)
		}
	}
}

func (c *column) copyValue(r RowID, from *column, q RowID) {
	word := from.words.get(q)
	if c.heap != nil {
		word = c.heap.add(from.heap.get(word))
	}
	*c.words.at(r) = word
	c.setNull(r, from.isNull(q))
}
