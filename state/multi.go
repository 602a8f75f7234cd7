package state

import (
	"bytes"
	"fmt"

	"github.com/weirstream/weir/runtime/record"
)

// Insert makes a new row of a Multi table for each selected row of a batch; its
// arguments are those of [Table.Upsert].
func (t *Table) Insert(hashes []uint64, keys, sub []*record.Column, sel []int32, rows []RowID) {
	if !t.spec.Multi {
		panic(fmt.Sprintf("state: Insert on table %q, which is not Multi", t.spec.Name))
	}
	t.load(hashes, keys, sub, sel)
	rows, b := rows[:len(hashes)], &t.batch
	b.made = b.made[:0]
	for k := range rows {
		rows[k] = t.takeRow()
		b.made = append(b.made, int32(k))
	}
	t.writeMade(rows, b.made)
	for _, r := range rows {
		t.lastNumber++
		*t.number.at(r) = t.lastNumber
	}
	t.putInOrder(rows)
}

// putInOrder puts the rows that the batch made into their clusters.
func (t *Table) putInOrder(rows []RowID) {
	o := t.order
	if o == nil {
		return
	}
	columns := len(t.spec.Key) + t.spec.Within
	for _, k := range t.batch.made {
		r := rows[k]
		short := o.short(r)
		o.add(r, t.find(&o.heads, short, int(k), columns), short)
	}
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
	if c.heap != nil {
		return bytes.Equal(c.heap.get(c.words.get(q)), c.heap.get(c.words.get(r)))
	}
	return c.words.get(q) == c.words.get(r)
}
