package state

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state/keyrange"
)

// batch is the keys of the selected rows of a record batch, in the one layout
// that the loops of a table work on. It is reused from batch to batch.
type batch struct {
	hashes []uint64
	subs   []uint64 // [Table.subHashes]; empty unless rows are found by their sub-key, too
	mixed  []uint64 // memory of subs, unless they are words of a column
	keys   []vector // of the key, then of the sub-key
	made   []int32  // which of the selected rows made a row
	rows   []RowID  // scratch of InsertKey, by selected row
}

// vector is a key column, one value per selected row.
type vector struct {
	words   []uint64 // canonical words, or the index into strings
	short   []uint64 // of strings: the references that they are themselves, or longText
	strings record.Strings
	spelled record.Strings // scratch: decimals as the heap holds them
	nulls   []bool         // empty when nothing is null
}

// load takes in the key and sub-key columns for the selected rows.
func (t *Table) load(hashes []uint64, keys, sub []*record.Column, sel []int32) {
	if len(sub) != len(t.spec.Sub) {
		panic(fmt.Sprintf("state: table %q has %d sub-key columns, not %d", t.spec.Name, len(t.spec.Sub), len(sub)))
	}
	t.loadKey(hashes, keys, sel)
	t.batch.load(len(keys), t.subs(), sub, sel)
	t.batch.subs = t.subHashes(sub, sel, len(hashes))
}

// loadKey takes in the key columns alone.
func (t *Table) loadKey(hashes []uint64, keys []*record.Column, sel []int32) {
	if len(keys) != len(t.spec.Key) {
		panic(fmt.Sprintf("state: table %q has %d key columns, not %d", t.spec.Name, len(t.spec.Key), len(keys)))
	}
	t.batch.hashes, t.batch.subs = hashes, nil
	if t.order != nil {
		t.order.sought.k = nobody
	}
	if t.cold != nil {
		t.cold.asked = false
	}
	t.batch.load(0, t.keys, keys, sel)
}

// load takes in columns that are to be compared with those of a table, from column
// first of the batch on.
func (b *batch) load(first int, with []column, from []*record.Column, sel []int32) {
	for i, c := range from {
		if c.Type() != with[i].typ {
			panic(fmt.Sprintf("state: key column %d has type %s, not %s", first+i, c.Type(), with[i].typ))
		}
		b.keys[first+i].load(c, sel, len(b.hashes))
	}
}

func (v *vector) load(c *record.Column, sel []int32, n int) {
	v.nulls = v.nulls[:0]
	if c.HasNulls() {
		v.loadNulls(c, sel, n)
	}
	if inHeap(c.Type()) {
		v.loadStrings(c, sel, n)
		return
	}
	v.words = keyrange.Words(v.words[:0], c, sel, n)
}

func (v *vector) loadNulls(c *record.Column, sel []int32, n int) {
	v.nulls = slices.Grow(v.nulls, n)[:n]
	for k := range v.nulls {
		v.nulls[k] = c.IsNull(rowOf(sel, k))
	}
}

// loadStrings sets words to where in strings the value of each row is.
func (v *vector) loadStrings(c *record.Column, sel []int32, n int) {
	v.words = slices.Grow(v.words[:0], n)[:n]
	switch c.Encoding() {
	case record.Plain:
		for k := range v.words {
			v.words[k] = uint64(rowOf(sel, k))
		}
	case record.Constant:
		clear(v.words)
	case record.Dictionary:
		codes := c.Codes()
		for k := range v.words {
			v.words[k] = uint64(codes[rowOf(sel, k)])
		}
		c = c.Dictionary()
	}
	if c.Type().Kind == record.KindDecimal {
		v.spell(c.Decimals())
	} else {
		v.strings = c.Strings()
	}
	v.loadShort(n)
}

// loadShort sets short of all strings.
func (v *vector) loadShort(n int) {
	v.short = slices.Grow(v.short[:0], n)[:n]
	offsets, data := v.strings.Offsets, v.strings.Data
	for k, i := range v.words {
		from, to := offsets[i], offsets[i+1]
		if length := to - from; int(length) <= shortBytes && int(from)+8 <= len(data) {
			word := binary.LittleEndian.Uint64(data[from:]) & (1<<(8*length&63) - 1)
			v.short[k] = word | shortMark[length&7]
		} else {
			v.short[k] = shortText(data[from:to])
		}
	}
	if len(v.nulls) > 0 {
		for k, null := range v.nulls {
			if null {
				v.short[k] = 0
			}
		}
	}
}

// spell makes strings of decimals.
func (v *vector) spell(values []record.Decimal) {
	s := record.Strings{Offsets: append(v.spelled.Offsets[:0], 0), Data: v.spelled.Data[:0]}
	for _, d := range values {
		s.Data = appendDecimal(s.Data, d)
		s.Offsets = append(s.Offsets, int32(len(s.Data)))
	}
	v.spelled, v.strings = s, s
}

func rowOf(sel []int32, k int) int {
	if sel == nil {
		return k
	}
	return int(sel[k])
}

func (v *vector) isNull(k int) bool { return len(v.nulls) > 0 && v.nulls[k] }

// text returns the string of selected row k, which is empty if it is null.
func (v *vector) text(k int) []byte {
	if v.isNull(k) {
		return nil
	}
	return v.strings.At(int(v.words[k]))
}

// store writes the values of selected rows at to rows.
func (v *vector) store(c *column, rows []RowID, at []int32) {
	if c.heap != nil {
		for _, k := range at {
			*c.words.at(rows[k]) = v.addTo(c.heap, int(k))
		}
	} else {
		for _, k := range at {
			*c.words.at(rows[k]) = v.words[k]
		}
	}
	if len(v.nulls) > 0 || c.hasNulls() {
		for _, k := range at {
			c.setNull(rows[k], v.isNull(int(k)))
		}
	}
}

// verify replaces each row whose value is not that of the selected row by
// NoRow, and reports whether it met one.
func (v *vector) verify(c *column, rows []RowID) (wrong bool) {
	if c.heap != nil {
		wrong = v.verifyStrings(c, rows)
	} else {
		wrong = verifyWords(v.words, &c.words, rows)
	}
	if len(v.nulls) == 0 && !c.hasNulls() {
		return wrong
	}
	for k, r := range rows {
		if r != NoRow && c.isNull(r) != v.isNull(k) {
			rows[k], wrong = NoRow, true
		}
	}
	return wrong
}

func verifyWords(want []uint64, w *words, rows []RowID) (wrong bool) {
	for k, r := range rows {
		if r != NoRow && w.get(r) != want[k] {
			rows[k], wrong = NoRow, true
		}
	}
	return wrong
}

func (v *vector) verifyStrings(c *column, rows []RowID) (wrong bool) {
	for k, r := range rows {
		if r != NoRow && c.words.get(r) != v.short[k] && !v.hasLong(c, r, k) {
			rows[k], wrong = NoRow, true
		}
	}
	return wrong
}

// matches reports whether row r has the value of selected row k.
func (v *vector) matches(c *column, r RowID, k int) bool {
	if c.isNull(r) != v.isNull(k) {
		return false
	}
	if c.heap != nil {
		return c.words.get(r) == v.short[k] || v.hasLong(c, r, k)
	}
	return c.words.get(r) == v.words[k]
}

// hasLong reports whether row r of a column has the string of selected row k and it is
// in a page.
func (v *vector) hasLong(c *column, r RowID, k int) bool {
	ref := c.words.get(r)
	return v.short[k] == longText && inPages(ref) && bytes.Equal(c.heap.get(ref), v.text(k))
}

// addTo stores the string of selected row k and returns its reference.
func (v *vector) addTo(h *heap, k int) uint64 {
	if short := v.short[k]; short != longText {
		return short
	}
	return h.add(v.text(k))
}

func (b *batch) bytes() int {
	n := 8*cap(b.mixed) + 4*cap(b.made) + 4*cap(b.rows)
	for i := range b.keys {
		n += 8*cap(b.keys[i].words) + 8*cap(b.keys[i].short) + cap(b.keys[i].nulls)
	}
	return n
}
