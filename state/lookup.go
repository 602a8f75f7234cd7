package state

import (
	"fmt"
	"math/bits"
	"slices"
)

// bringUp looks the rows that the batch has just made up in the tier. What it finds there it
// gives the values that they have, and they count as found. Runs are asked for all of them
// together, in the order of their keys, from the newest on.
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
			return t.takeFrom(r, key, value, rows[k])
		}))
	}
	if found {
		t.batch.made = slices.DeleteFunc(t.batch.made, func(k int32) bool { return !t.changes.born.has(rows[k]) })
	}
}

// seek begins a search for the keys of the rows that the batch made, but for those that were
// deleted in this epoch.
func (t *Table) seek(rows []RowID) {
	c, g := t.cold, &t.changes.epoch.gone
	c.search.Begin()
	for _, k := range t.batch.made {
		c.key = t.layout.appendKey(c.key[:0], &t.columns, rows[k])
		if !c.isGone(g, c.key) {
			c.search.Add(c.key, k)
		}
	}
	c.search.Sort()
}

// takeFrom gives row r, which has just been made, the value that a run has for its key.
func (t *Table) takeFrom(run *coldRun, key, value []byte, r RowID) error {
	if !t.layout.parseValues(value, &t.columns, r) {
		return run.explain(fmt.Errorf("%s: the value %x of key %x has not the columns of the table", run.run.Name, value, key))
	}
	t.isUp(r)
	return nil
}

// isUp notes that a row in memory is as the tier has it.
func (t *Table) isUp(r RowID) {
	t.changes.epoch.rows.clear(r)
	t.changes.born.clear(r)
	t.cold.count = max(0, t.cold.count-1)
	t.cold.starved = false
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
		t.leave(rows[k])
		t.free = append(t.free, rows[k]) // nobody has seen it
	}
	if len(b.made) > 0 {
		for k, r := range rows {
			if !t.live.has(r) {
				rows[k] = NoRow
			}
		}
	}
	b.made = b.made[:0]
}

// leave takes a row out of memory that nobody needs there.
func (t *Table) leave(r RowID) {
	t.index.remove(t.shortHash(r), r)
	if t.due != nil {
		t.due.forget(r)
	}
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
		c.used[c.hand] &^= used
		for rows &^= used; rows != 0 && left < most; rows &= rows - 1 {
			r := RowID(c.hand<<6 + bits.TrailingZeros64(rows))
			if !c.rise.holds(t, r) {
				t.forget(r)
				left++
			}
		}
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
	t.leave(r)
	t.free = append(t.free, r)
	t.cold.count++
}
