package state

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/weirstream/weir/runtime/record"
)

// link chains the rows of one key of a Multi table. The index holds the first.
// Links follow from the rows and are never part of a snapshot.
type link struct{ next, prev RowID }

func (t *Table) growLinks(n int) {
	t.links = slices.Grow(t.links, n-len(t.links))[:n]
}

// Insert makes a new row of a Multi table for each selected row of a batch; its
// arguments are those of [Table.Upsert].
func (t *Table) Insert(hashes []uint64, keys, sub []*record.Column, sel []int32, rows []RowID) {
	t.needMulti()
	t.load(hashes, keys, sub, sel)
	rows, b := rows[:len(hashes)], &t.batch
	b.made = b.made[:0]
	for k := range rows {
		rows[k] = t.takeRow()
		b.made = append(b.made, int32(k))
	}
	t.writeMade(rows, b.made)
	for k, r := range rows {
		t.chain(r, t.find(b.shortHash(k), k))
	}
}

func (t *Table) needMulti() {
	if !t.spec.Multi {
		panic(fmt.Sprintf("state: First or Insert on table %q, which is not Multi", t.spec.Name))
	}
}

// First returns some row of the key in physical row i of a Multi table, or NoRow.
func (t *Table) First(hash uint64, keys []*record.Column, i int) RowID {
	t.needMulti()
	b := &t.batch
	b.one = [1]int32{int32(i)}
	b.oneHash = [1]uint64{hash}
	t.loadKey(b.oneHash[:], keys, b.one[:])
	return t.find(shortHash(hash, 0), 0)
}

// Next returns another row of the key of r in a Multi table: from First on, each
// of them once, then NoRow. The order of a key's rows is not kept by a restore,
// so no result may depend on it.
func (t *Table) Next(r RowID) RowID {
	t.mustHave(r)
	return t.links[r].next
}

// chain makes a row reachable by its key, whose first row is given or NoRow.
func (t *Table) chain(r, first RowID) {
	if first == NoRow {
		t.links[r] = link{NoRow, NoRow}
		t.index.add(t.shortHash(r), r)
		return
	}
	second := t.links[first].next
	t.links[r] = link{next: second, prev: first}
	t.links[first].next = r
	if second != NoRow {
		t.links[second].prev = r
	}
}

// unlink takes row r out of the rows of its key.
func (t *Table) unlink(r RowID) {
	l := t.links[r]
	if l.next != NoRow {
		t.links[l.next].prev = l.prev
	}
	switch {
	case l.prev != NoRow:
		t.links[l.prev].next = l.next
	case l.next != NoRow:
		t.index.replace(t.shortHash(r), r, l.next)
	default:
		t.index.remove(t.shortHash(r), r)
	}
}

// firstLike returns the first row whose key is that of row r, or NoRow.
func (t *Table) firstLike(r RowID) RowID {
	short := t.shortHash(r)
	for q, at := t.index.next(short, short); q != NoRow; q, at = t.index.next(short, at) {
		if t.sameKey(q, r) {
			return q
		}
	}
	return NoRow
}

func (t *Table) sameKey(q, r RowID) bool {
	for i := range t.spec.Key {
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
