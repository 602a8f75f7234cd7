package state

import (
	"fmt"

	"github.com/weirstream/weir/runtime/record"
)

// Upsert finds or makes the row of each selected row of a batch (sel nil = all):
// the row of its key and sub-key. hashes, the key hashes by [keyrange.Hash], and
// rows, the result, go by selected row; the columns of key and sub-key by physical
// row. A row may stand several times in rows. New rows are appended to made; their
// values are zero and their strings empty.
//
// It works in columns: a loop over the hashes finds a row for each or makes one,
// then a loop per key column verifies that keys are equal and not just hashes,
// and the few rows for which they are not are looked up again one by one.
func (t *Table) Upsert(hashes []uint64, keys, sub []*record.Column, sel []int32, rows, made []RowID) []RowID {
	rows = t.begin(hashes, keys, sub, sel, rows)
	t.probe(rows)
	t.writeMade(rows, t.batch.made)
	if t.verify(rows, len(t.keys)) {
		t.place(rows)
	}
	if t.cold != nil {
		t.bringUp(rows)
		t.use(rows)
	}
	t.putInOrder(rows)
	if t.expiry != nil {
		t.renewFound(rows)
	}
	for _, k := range t.batch.made {
		made = append(made, rows[k])
	}
	return made
}

// Find is Upsert without making rows: what it does not find is NoRow.
func (t *Table) Find(hashes []uint64, keys, sub []*record.Column, sel []int32, rows []RowID) {
	rows = t.begin(hashes, keys, sub, sel, rows)
	t.findIn(&t.index, rows, len(t.keys))
	t.hideExpired(rows)
	if t.cold != nil {
		t.findCold(rows)
		t.use(rows)
	}
}

// findIn sets rows to those that an index has for the selected rows, which go by so
// many of the first columns of key and sub-key.
func (t *Table) findIn(x *index, rows []RowID, columns int) {
	b := &t.batch
	for k := range rows {
		short := b.shortHash(k)
		rows[k], _ = x.next(short, short)
	}
	if t.verify(rows, columns) {
		t.findAgain(x, rows, columns)
	}
}

// findAgain finds the rows that are NoRow, some because their short hash is that of
// another key.
func (t *Table) findAgain(x *index, rows []RowID, columns int) {
	for k, r := range rows {
		if r == NoRow {
			rows[k] = t.find(x, t.batch.shortHash(k), k, columns)
		}
	}
}

// begin takes in a batch whose rows are to be found by key and sub-key.
func (t *Table) begin(hashes []uint64, keys, sub []*record.Column, sel []int32, rows []RowID) []RowID {
	if t.spec.Multi {
		panic(fmt.Sprintf("state: Upsert or Find on table %q, which is Multi", t.spec.Name))
	}
	t.load(hashes, keys, sub, sel)
	t.sink()
	return rows[:len(hashes)]
}

// shortHash returns what the index finds the row of selected row k by.
func (b *batch) shortHash(k int) uint32 {
	if len(b.subs) == 0 {
		return shortHash(b.hashes[k], 0)
	}
	return shortHash(b.hashes[k], b.subs[k])
}

// Made returns which of the selected rows made a row in the last Upsert or Insert.
// It is valid until the next call on the table.
func (t *Table) Made() []int32 { return t.batch.made }

// probe sets rows to the first row with the right short hash, or to a new one.
func (t *Table) probe(rows []RowID) {
	b := &t.batch
	b.made = b.made[:0]
	x := &t.index
	for k, hash := range b.hashes {
		var sub uint64
		if len(b.subs) > 0 {
			sub = b.subs[k]
		}
		short := shortHash(hash, sub)
		r, _ := x.next(short, short)
		if r == NoRow {
			r = t.takeRow()
			x.add(short, r)
			b.made = append(b.made, int32(k))
		}
		rows[k] = r
	}
}

// writeMade writes the new rows that the selected rows in made have been given.
func (t *Table) writeMade(rows []RowID, made []int32) {
	if len(made) == 0 {
		return
	}
	b := &t.batch
	t.makeRoom()
	for _, k := range made {
		r := rows[k]
		t.live.set(r)
		t.changes.make(r)
		*t.hash.at(r) = b.hashes[k]
	}
	if t.expiry != nil {
		t.dateMade(rows, made)
	}
	if t.spells {
		for _, k := range made {
			*t.shorts.at(uint32(rows[k])) = b.shortHash(int(k))
		}
	}
	for i := range t.keys {
		b.keys[i].store(&t.keys[i], rows, made)
	}
	if t.spec.Due == DueBySub {
		for _, k := range made {
			t.listSub(rows[k])
		}
	}
	for i := range t.values {
		t.values[i].clear(rows, made)
	}
}

// verify replaces rows that have other values in some of the first columns of key and
// sub-key by NoRow, and reports whether there are any.
func (t *Table) verify(rows []RowID, columns int) (wrong bool) {
	b := &t.batch
	for i := range columns {
		if b.keys[i].verify(&t.keys[i], rows) {
			wrong = true
		}
	}
	return wrong
}

// place finds or makes the rows that are NoRow, in order: their short hash is
// that of another key.
func (t *Table) place(rows []RowID) {
	b := &t.batch
	for k, r := range rows {
		if r != NoRow {
			continue
		}
		short := b.shortHash(k)
		if rows[k] = t.find(&t.index, short, k, len(t.keys)); rows[k] == NoRow {
			rows[k] = t.takeRow()
			t.index.add(short, rows[k])
			b.made = append(b.made, int32(k))
			t.writeMade(rows, b.made[len(b.made)-1:])
		}
	}
}

// find returns the row of an index that has the values of selected row k in so many of
// the first columns of key and sub-key, or NoRow.
func (t *Table) find(x *index, short uint32, k, columns int) RowID {
	for r, at := x.next(short, short); r != NoRow; r, at = x.next(short, at) {
		if t.matches(r, k, columns) {
			return r
		}
	}
	return NoRow
}

// matches reports whether row r has the values of selected row k in so many of the
// first columns of key and sub-key.
func (t *Table) matches(r RowID, k, columns int) bool {
	for i := range columns {
		if !t.batch.keys[i].matches(&t.keys[i], r, k) {
			return false
		}
	}
	return true
}
