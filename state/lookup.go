package state

import (
	"fmt"
	"math/bits"
	"slices"
)

// bringUp looks the rows that the batch has just made up in the tier. What it finds there it
// gives the values that they have and their place in order, and they count as found. Runs are
// asked for all of them together, in the order of their keys, from the newest on.
func (t *Table) bringUp(rows []RowID) {
	c := t.cold
	if c.isEmpty() || len(t.batch.made) == 0 {
		return
	}
	t.seek(rows)
	found := false
	for _, r := range c.runs {
		if c.search.Len() == 0 {
			break
		}
		t.fail(c.search.In(r.run, func(k int32, key, value []byte) error {
			found = true
			return t.takeFrom(r, key, value, rows[k], k)
		}))
	}
	if found {
		t.batch.made = slices.DeleteFunc(t.batch.made, func(k int32) bool { return !t.changes.born.has(rows[k]) })
	}
}

// seek begins a search for the keys of the rows that the batch made, but for those that were
// deleted in this epoch, or whose cluster is in memory.
func (t *Table) seek(rows []RowID) {
	c, g := t.cold, &t.changes.epoch.gone
	c.search.Begin()
	for _, k := range t.batch.made {
		if one := t.oneOf(rows[k], k); one != NoRow && c.whole.has(one) {
			continue
		}
		c.key = t.layout.appendKey(c.key[:0], &t.columns, rows[k])
		if !c.isGone(g, c.key) {
			c.search.Add(c.key, k)
		}
	}
	c.search.Sort()
}

// takeFrom gives row r, which selected row k has just made, the value that a run has for its key.
func (t *Table) takeFrom(run *coldRun, key, value []byte, r RowID, k int32) error {
	if !t.layout.parseValues(value, &t.columns, r) {
		return run.explain(fmt.Errorf("%s: the value %x of key %x has not the columns of the table", run.run.Name, value, key))
	}
	t.listUp(r)
	t.isUp(r)
	t.putOneInOrder(r, k)
	return nil
}

// isUp notes that a row in memory is as the tier has it.
func (t *Table) isUp(r RowID) {
	t.changes.epoch.rows.clear(r)
	t.changes.born.clear(r)
	t.cold.comeUp()
}

// comeUp notes that a row is in memory now.
func (c *cold) comeUp() { c.count, c.starved = max(0, c.count-1), false }

// listUp lists a row of the tier by its times.
func (t *Table) listUp(r RowID) {
	switch by := t.spec.Due; {
	case by == DueBySub:
		t.listSub(r)
	case by != NeverDue && !t.values[by-dueByFirst].isNull(r):
		t.due.list(r)
	}
	if t.expiry != nil {
		t.expiry.index.list(r)
	}
}

// findCold finds rows that are not in memory.
func (t *Table) findCold(rows []RowID) {
	b := &t.batch
	b.made = b.made[:0]
	if t.cold.isEmpty() || !slices.Contains(rows, NoRow) {
		return
	}
	t.place(rows)
	t.bringUp(rows)
	for _, k := range b.made {
		t.leave(rows[k]) // nobody has seen it
	}
	if len(b.made) > 0 {
		for k, r := range rows {
			if !t.live.has(r) {
				rows[k] = NoRow
			}
		}
	}
	b.made = b.made[:0]
	t.hideExpired(rows)
}

// leave takes a row that is in no order out of memory, and gives its place back.
func (t *Table) leave(r RowID) {
	if !t.spec.Multi {
		t.index.remove(t.shortHash(r), r)
	}
	if t.due != nil {
		t.due.leave(r)
	}
	if t.expiry != nil {
		t.expiry.index.forget(r)
	}
	t.unmake(r)
}

// unmake gives the place of a row back that no index has.
func (t *Table) unmake(r RowID) {
	t.free = append(t.free, r)
	t.live.clear(r)
	t.changes.epoch.rows.clear(r)
	t.changes.born.clear(r)
	t.count--
	for i := range t.keys {
		t.dropString(&t.keys[i], r)
	}
	for i := range t.values {
		t.dropString(&t.values[i], r)
	}
}

// use notes that rows were looked for. Those that were just made were not, or what comes once
// would take the place of what comes again.
func (t *Table) use(rows []RowID) {
	used := &t.cold.used
	used.grow(int(t.limit))
	for _, r := range rows {
		if r != NoRow {
			used.set(r)
		}
	}
	for _, k := range t.batch.made {
		used.clear(rows[k])
	}
}

// evict takes at most so many rows out of memory, and returns how many, as far as they are as
// the tier has them: those that were not looked for since it last came by (the clock of F. J.
// Corbató, A paging experiment with the Multics system, 1968). Rows that may be due stay.
func (t *Table) evict(most int) (left int) {
	c := t.cold
	if c.starved {
		return 0
	}
	c.used.grow(64 * len(t.live))
	for seen := 0; left < most && seen < 2*len(t.live); seen++ {
		rows := t.clean(c.hand)
		used := rows & c.used[c.hand]
		if rows &^= used; t.order != nil {
			t.order.touch(c.hand, rows)
		}
		for ; rows != 0 && left < most; rows &= rows - 1 {
			r := RowID(c.hand<<6 + bits.TrailingZeros64(rows))
			if t.order != nil {
				t.order.settleBeside(r)
			}
			switch {
			case c.whole.has(r):
				left += t.evictCluster(r)
			case t.live.has(r) && !c.rise.holds(t, r): // it may have left with its cluster
				t.forget(r)
				left++
			}
		}
		c.used[c.hand] &^= used
		if c.hand++; c.hand == len(t.live) {
			c.hand = 0
		}
	}
	c.starved = left < most
	return left
}

// clean returns which of 64 rows are as the tier has them.
func (t *Table) clean(word int) (rows uint64) {
	rows = t.live[word] &^ t.changes.epoch.rows[word]
	for _, f := range t.cold.flights {
		if word < len(f.rows) {
			rows &^= f.rows[word]
		}
	}
	return rows
}

// forget takes a row out of memory that the tier has.
func (t *Table) forget(r RowID) {
	t.preserve(r)
	if t.order != nil {
		t.order.drop(r)
	}
	t.leave(r)
	t.cold.count++
	t.cold.asked = false
}
