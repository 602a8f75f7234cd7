package state

import (
	"fmt"
	"slices"

	"github.com/weirstream/weir/runtime/record"
)

// RowID is the place of a row in its table. It counts until [Backend.Release]: then
// rows may get other places, and those of deleted rows may be given out again.
type RowID uint32

// NoRow is no row.
const NoRow RowID = 1<<32 - 1

// maxRows bounds the rows of a table, so that an index of 2³² slots suffices.
const maxRows = 1 << 31

// Table is rows of typed columns, found by key. One goroutine owns it: that of
// the operator.
type Table struct {
	spec   TableSpec
	layout layout

	live bitmap
	columns

	changes changes
	frozen  []*frozenTable // not yet done with the rows as they were
	pool    *blockPool     // of what they save

	index  index
	shorts array[uint32] // what the index finds each row by, of a table that spells
	spells bool          // sub-keys, which takes time to hash: they are more than one word

	order  *ordering // of an Ordered table
	due    *dueIndex // of a table whose rows are due
	expiry *expiry   // of a table whose rows expire
	free   []RowID   // rows below limit that are neither live nor deleted; the last is used next
	// deleted is the rows that Release makes free.
	deleted []RowID
	limit   RowID // rows at and above it were never used
	count   int
	// lastNumber is the greatest in the column number.
	lastNumber uint64

	cold      *cold // nil where all rows are in memory
	measured  RowID // the limit at which
	rowMemory int   // is what a row takes
	asked     int   // how often that was since

	opened bool // by an operator, and not just restored

	batch batch
	guard *guard // of a backend that checks its rows
}

func newTable(spec TableSpec, pool *blockPool) *Table {
	t := &Table{
		spec: spec, pool: pool, layout: layoutOf(&spec), index: newIndex(0), changes: newChanges(), expiry: newExpiry(spec.TTL.Clock),
	}
	for _, f := range slices.Concat(spec.Key, spec.Sub) {
		t.keys = append(t.keys, newColumn(f.Type))
	}
	for _, f := range spec.Values {
		t.values = append(t.values, newColumn(f.Type))
	}
	t.spells = !spec.Multi && (len(spec.Sub) > 1 || len(spec.Sub) == 1 && inHeap(spec.Sub[0].Type))
	t.batch.keys = make([]vector, len(t.keys))
	return t
}

// Spec returns the declaration of the table. The caller must not change it.
func (t *Table) Spec() TableSpec { return t.spec }

// Len returns how many rows the table holds, with those that have expired and were not
// dropped yet: a measure of memory, on which nothing that an operator emits may depend.
func (t *Table) Len() int {
	if t.cold != nil {
		return t.count + t.cold.count
	}
	return t.count
}

// Hash returns the key hash that the row was made with.
func (t *Table) Hash(r RowID) uint64 {
	t.mustHave(r)
	return t.hash.get(r)
}

// Scan returns the least row ≥ from, or NoRow: a loop from 0 and on from each
// row + 1 sees all rows in ascending order.
func (t *Table) Scan(from RowID) RowID {
	if from == 0 && t.cold != nil {
		t.bringAll()
	}
	if t.expiry != nil {
		return t.scanPresent(from)
	}
	return t.live.next(from)
}

// Delete removes a row. Its strings become garbage; column compaction may run.
func (t *Table) Delete(r RowID) {
	t.mustHave(r)
	if t.order != nil {
		t.order.drop(r)
	}
	t.remove(r)
}

// remove is Delete of a row that is not in order any more.
func (t *Table) remove(r RowID) {
	t.touch(r)
	t.bury(r)
	if !t.spec.Multi && !t.isAfloat(r) {
		t.index.remove(t.shortHash(r), r)
	}
	if t.due != nil {
		t.due.forget(r)
	}
	if t.expiry != nil {
		t.expiry.index.forget(r)
	}
	t.live.clear(r)
	t.deleted = append(t.deleted, r)
	t.count--
	for i := range t.keys {
		t.dropString(&t.keys[i], r)
	}
	for i := range t.values {
		t.dropString(&t.values[i], r)
	}
}

// touch notes that a row is about to change.
func (t *Table) touch(r RowID) {
	if !t.changes.epoch.rows.has(r) {
		t.changes.epoch.rows.set(r)
		t.preserve(r)
	}
}

// bury notes that the key of a row, which is touched, will no longer be in the table.
// What key it gets now, no snapshot has yet.
func (t *Table) bury(r RowID) {
	if t.changes.born.has(r) {
		return
	}
	switch {
	case t.cold == nil:
		t.changes.epoch.gone.bury(t, r)
	case !t.cold.hides(t, r):
		t.cold.bury(&t.changes.epoch.gone, t, r)
	}
	t.changes.born.set(r)
}

// dropString makes the string of row r, which no longer refers to it, garbage.
func (t *Table) dropString(c *column, r RowID) {
	if c.heap != nil {
		t.discard(c, c.words.get(r))
	}
}

// discard makes a string that no row refers to garbage.
func (t *Table) discard(c *column, ref uint64) {
	c.heap.drop(ref)
	if c.heap.wasteful() {
		t.compact(c)
	}
}

// takeRow returns a row that is free, without making room for it.
func (t *Table) takeRow() RowID {
	t.count++
	if n := len(t.free); n > 0 {
		r := t.free[n-1]
		t.free = t.free[:n-1]
		return r
	}
	if t.limit == maxRows {
		panic(fmt.Sprintf("state: table %q has reached %d rows in one subtask; raise the parallelism of the step", t.spec.Name, maxRows))
	}
	t.limit++
	return t.limit - 1
}

// makeRoom grows the columns to hold every row below limit.
func (t *Table) makeRoom() {
	n := int(t.limit)
	if n <= t.hash.len() {
		return
	}
	t.hash.grow(n)
	n = t.hash.len()
	t.live.grow(n)
	t.changes.grow(n)
	for i := range t.keys {
		t.keys[i].grow(n)
	}
	for i := range t.values {
		t.values[i].grow(n)
	}
	if t.spec.Multi {
		t.number.grow(n)
	}
	if t.expiry != nil {
		t.until.grow(n)
	}
	if t.spells {
		t.shorts.grow(n)
	}
	if t.order != nil {
		t.order.grow(n)
	}
}

// shortHash returns what the index finds row r by.
func (t *Table) shortHash(r RowID) uint32 {
	if t.spells {
		return *t.shorts.at(uint32(r))
	}
	return shortHash(t.hash.get(r), t.hashOf(r, len(t.spec.Sub)))
}

// AppendKeys appends the keys of rows to plain columns of the key's types, one
// column per key column.
func (t *Table) AppendKeys(to []*record.Column, rows []RowID) {
	t.mustHaveAll(rows)
	for i := range t.spec.Key {
		t.keys[i].appendTo(to[i], rows)
	}
}

// Bytes returns the memory that the table holds on to, apart from rows that are only
// kept for a Frozen.
func (t *Table) Bytes() int {
	if t.cold != nil {
		return t.bytes() + t.cold.bytes()
	}
	return t.bytes()
}

// bytes is Bytes without what is known of rows below.
func (t *Table) bytes() int {
	n := 8*cap(t.live) + t.changes.bytes() + t.hash.bytes() + t.number.bytes() + t.until.bytes()
	n += t.index.bytes() + t.shorts.bytes()
	n += 4*cap(t.free) + 4*cap(t.deleted) + t.batch.bytes()
	for i := range t.keys {
		n += t.keys[i].bytes()
	}
	for i := range t.values {
		n += t.values[i].bytes()
	}
	if t.due != nil {
		n += t.due.bytes()
	}
	if t.expiry != nil {
		n += t.expiry.bytes()
	}
	if t.order != nil {
		n += t.order.bytes()
	}
	return n
}
