package state

import (
	"fmt"
	"slices"
)

// CheckRows has the backend find out who uses a row that is not there. It is for
// tests, to be called before tables are opened: [Backend.Release] gives every row
// another place, and the use of a row that was deleted or has been moved panics.
func (b *Backend) CheckRows() {
	b.checked = true
	for _, t := range b.tables {
		t.checkRows()
	}
}

// guard is the checks of a table of a backend that checks its rows.
type guard struct {
	table *Table
	next  RowID // where to look for places that are free
}

// mustHave panics unless row r exists.
func (g *guard) mustHave(r RowID) {
	if r >= g.table.limit || !g.table.live.has(r) {
		panic(fmt.Sprintf("state: table %q has no row %d any more: it was deleted, or its id was kept over Release", g.table.spec.Name, r))
	}
}

func (t *Table) checkRows() {
	t.guard = &guard{table: t}
	t.number.guard, t.until.guard = t.guard, t.guard
	for _, columns := range [][]column{t.keys, t.values} {
		for i := range columns {
			columns[i].words.guard = t.guard
		}
	}
}

// mustHave panics unless row r exists or nothing is checked.
func (t *Table) mustHave(r RowID) {
	if t.guard != nil {
		t.guard.mustHave(r)
	}
}

func (t *Table) mustHaveAll(rows []RowID) {
	for _, r := range rows {
		t.mustHave(r)
	}
}

// roomToMove is how many places a table has for each of its rows, so that a place
// that was given up stays empty for a while.
const roomToMove = 4

// moveRows gives every row a place that no row had before. Among each other, and with
// those made next, rows stay in order.
func (g *guard) moveRows() {
	t := g.table
	if t.count == 0 {
		return
	}
	t.limit = max(t.limit, RowID(roomToMove*t.count))
	t.makeRoom()
	if g.next+RowID(2*t.count) > t.limit {
		g.next = 0
	}
	var from, to []RowID
	for r := t.live.next(0); r != NoRow; r = t.live.next(r + 1) {
		from, to = append(from, r), append(to, g.place())
	}
	for i, r := range from {
		t.moveRow(r, to[i])
	}
	t.index = newIndex(t.count)
	for _, r := range to {
		t.reindex(r)
	}
	t.openOrder()
	g.findFree()
	if t.due != nil {
		t.due.rename(from, to)
	}
	if t.expiry != nil {
		t.expiry.index.rename(from, to)
	}
}

// findFree lists the places without a row; those behind the rows are used first.
func (g *guard) findFree() {
	t := g.table
	t.free = t.free[:0]
	for r := int64(t.limit) - 1; r >= 0; r-- { // downwards, because the last is used next
		if !t.live.has(RowID(r)) {
			t.free = append(t.free, RowID(r))
		}
	}
	last := slices.IndexFunc(t.free, func(r RowID) bool { return r < g.next })
	t.free = slices.Concat(t.free[max(last, 0):], t.free[:max(last, 0)])
}

// place returns the next place without a row. REQUIRES: there is one.
func (g *guard) place() RowID {
	for g.table.live.has(g.next) {
		g.next++
	}
	g.next++
	return g.next - 1
}

// moveRow moves a row to a place without one. REQUIRES: reindex, before t is used.
func (t *Table) moveRow(from, to RowID) {
	t.preserve(from)
	t.changes.move(from, to)
	t.live.move(from, to)
	if t.cold != nil {
		t.cold.move(from, to)
	}
	*t.hash.at(to) = t.hash.get(from)
	if t.spec.Multi {
		*t.number.at(to) = t.number.get(from)
	}
	if t.expiry != nil {
		*t.until.at(to) = t.until.get(from)
	}
	for _, columns := range [][]column{t.keys, t.values} {
		for i := range columns {
			c := &columns[i]
			*c.words.at(to) = c.words.get(from)
			c.setNull(to, c.isNull(from))
		}
	}
}

// mustHave panics unless row r exists. REQUIRES: a guard. It is a call, so that
// what reads a value is inlined.
//
//go:noinline
func (w *words) mustHave(r RowID) { w.guard.mustHave(r) }
