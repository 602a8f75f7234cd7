package state

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/weirstream/weir/runtime/record"
)

// Insert makes a new row of a Multi table for each selected row of a batch; its
// arguments are those of [Table.Upsert].
func (t *Table) Insert(hashes []uint64, keys, sub []*record.Column, sel []int32, rows []RowID) {
	if !t.spec.Multi {
		panic(fmt.Sprintf("state: Insert on table %q, which is not Multi", t.spec.Name))
	}
	t.load(hashes, keys, sub, sel)
	b := &t.batch
	b.made = b.made[:0]
	for k := range hashes {
		b.made = append(b.made, int32(k))
	}
	t.insert(rows[:len(hashes)])
	t.haveWait(rows)
}

// InsertKey makes a new row of a Multi table, whose sub-key is an Int64 or a Timestamp,
// with the key of selected row k. REQUIRES: [Table.LoadKeys].
func (t *Table) InsertKey(k int, sub int64) RowID {
	if !t.spec.Multi || len(t.spec.Sub) != 1 || !isTime(t.spec.Sub[0].Type) {
		panic(fmt.Sprintf("state: InsertKey on table %q, which is not Multi with a sub-key of one integer", t.spec.Name))
	}
	b := &t.batch
	v := &b.keys[len(t.spec.Key)]
	v.nulls = v.nulls[:0]
	if k >= len(v.words) {
		v.words = slices.Grow(v.words, k+1-len(v.words))[:k+1]
	}
	if k >= len(b.rows) {
		b.rows = slices.Grow(b.rows, k+1-len(b.rows))[:k+1]
	}
	v.words[k] = uint64(sub)
	b.made = b.made[:0]
	b.made = append(b.made, int32(k))
	t.insert(b.rows)
	t.putInOrder(b.rows)
	return b.rows[k]
}

// insert makes a row for each selected row in made.
func (t *Table) insert(rows []RowID) {
	made := t.batch.made
	for _, k := range made {
		rows[k] = t.takeRow()
	}
	t.writeMade(rows, made)
	for _, k := range made {
		t.lastNumber++
		*t.number.at(rows[k]) = t.lastNumber
	}
}

// haveWait has the rows that the batch made wait, or puts them into their clusters.
func (t *Table) haveWait(rows []RowID) {
	if !t.order.canWait() {
		t.putInOrder(rows)
		return
	}
	t.order.wait(rows, t.batch.made)
	if t.cold != nil {
		t.cold.whole.grow(int(t.limit))
		for _, k := range t.batch.made {
			t.cold.whole.clear(rows[k])
		}
	}
}

// putInOrder puts the rows that the batch made into their clusters.
func (t *Table) putInOrder(rows []RowID) {
	if t.order == nil {
		return
	}
	for _, k := range t.batch.made {
		t.putOneInOrder(rows[k], k)
	}
}

// putOneInOrder puts a row that selected row k made into its cluster.
func (t *Table) putOneInOrder(r RowID, k int32) {
	if t.order == nil {
		return
	}
	one := t.oneOf(r, k)
	t.order.add(r, one)
	if t.cold != nil {
		t.cold.inherit(r, one, one == NoRow && (t.cold.isEmpty() || t.cold.asked))
	}
}

// oneOf returns a row of the cluster of row r, which selected row k made, or NoRow.
func (t *Table) oneOf(r RowID, k int32) RowID {
	o := t.order
	switch {
	case o == nil:
		return NoRow
	case o.sought.k == k:
		return o.sought.one
	}
	return t.find(&o.heads, o.short(r), int(k), len(t.spec.Key)+t.spec.Within)
}

// sameKey reports whether two rows have the same key and, if their order is within
// columns of the sub-key, the same values in these.
func (t *Table) sameKey(q, r RowID) bool {
	for i := range len(t.spec.Key) + t.spec.Within {
		if !t.keys[i].same(q, r) {
			return false
		}
	}
	return true
}

// same reports whether two rows have the same value.
func (c *column) same(q, r RowID) bool {
	if c.isNull(q) != c.isNull(r) {
		return false
	}
	a, b := c.words.get(q), c.words.get(r)
	return a == b || c.heap != nil && inPages(a) && inPages(b) && bytes.Equal(c.heap.get(a), c.heap.get(b))
}
