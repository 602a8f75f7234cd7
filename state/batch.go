package state

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state/keyrange"
)

// batch is the keys of the selected rows of a record batch, in the one layout
// that the loops of a table work on. It is reused from batch to batch.
type batch struct {
	hashes []uint64
	orders []uint64 // empty unless rows are found by their order key, too
	keys   []vector
	made   []int32 // which of the selected rows made a row

	one     [1]int32 // selection and hash of a batch of one row
	oneHash [1]uint64
}

// vector is a key column, one value per selected row.
type vector struct {
	words   []uint64 // canonical words, or the index into strings
	strings record.Strings
	spelled record.Strings // scratch: decimals as the heap holds them
	nulls   []bool         // empty when nothing is null
}

// load takes in the key columns for the selected rows.
func (t *Table) load(hashes []uint64, keys []*record.Column, order []int64, sel []int32) {
	if len(keys) != len(t.keys) {
		panic(fmt.Sprintf("state: table %q has %d key columns, not %d", t.spec.Name, len(t.keys), len(keys)))
	}
	b := &t.batch
	b.hashes = hashes
	b.orders = b.orders[:0]
	if t.spec.Order && !t.spec.Multi {
		b.loadOrders(order, sel, len(hashes))
	}
	for i, key := range keys {
		if key.Type() != t.keys[i].typ {
			panic(fmt.Sprintf("state: key column %q of table %q has type %s, not %s",
				t.spec.Key[i].Name, t.spec.Name, t.keys[i].typ, key.Type()))
		}
		b.keys[i].load(key, sel, len(hashes))
	}
}

func (b *batch) loadOrders(order []int64, sel []int32, n int) {
	b.orders = slices.Grow(b.orders, n)[:n]
	if sel == nil {
		for k, v := range order[:n] {
			b.orders[k] = uint64(v)
		}
		return
	}
	for k, i := range sel {
		b.orders[k] = uint64(order[i])
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
		return
	}
	v.strings = c.Strings()
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
			*c.words.at(rows[k]) = c.heap.add(v.text(int(k)))
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
		if r != NoRow && !bytes.Equal(c.heap.get(c.words.get(r)), v.text(k)) {
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
		return bytes.Equal(c.heap.get(c.words.get(r)), v.text(k))
	}
	return c.words.get(r) == v.words[k]
}

func (b *batch) bytes() int {
	n := 8*cap(b.orders) + 4*cap(b.made)
	for i := range b.keys {
		n += 8*cap(b.keys[i].words) + cap(b.keys[i].nulls)
	}
	return n
}
