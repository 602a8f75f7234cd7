package state

import (
	"bytes"

	"github.com/weirstream/weir/state/runs"
)

// aimBelow looks for the clusters that the selected rows of the batch name by so many columns,
// as far as they are not in memory as a whole.
func (t *Table) aimBelow(columns int) {
	c, b := t.cold, &t.batch
	if c == nil {
		return
	}
	c.keys, c.sought = c.keys[:0], c.sought[:0]
	if c.isEmpty() {
		return
	}
	for k, hash := range b.hashes {
		if !c.isKnown(t.order.find(k, columns)) {
			c.values = t.appendScalars(c.values[:0], k, columns)
			t.askFor(hash, int32(k))
		}
	}
	c.sort()
}

// buryBelow notes of all rows in the clusters that are looked for that they are gone.
func (t *Table) buryBelow() {
	if t.cold == nil {
		return
	}
	for _, s := range t.cold.sought {
		prefix := t.cold.keyOf(s)
		for from := prefix; from != nil; {
			from = t.buryUnder(prefix, from)
		}
	}
}

// buryUnder does so from a key on, of keys that begin alike. It returns where to go on in other
// runs, or nil.
func (t *Table) buryUnder(prefix, from []byte) (next []byte) {
	rows := t.under(prefix, from)
	for rows.Next() && bytes.HasPrefix(rows.Key(), prefix) {
		if t.buryKey(rows.Key()) {
			return bytes.Clone(rows.Key())
		}
	}
	t.fail(rows.Err())
	return nil
}

// under returns the rows of runs from a key on, if there is one that begins like this.
func (t *Table) under(prefix, from []byte) *runs.Merged {
	var inputs []*runs.Iterator
	for i, r := range t.cold.runs {
		if through, drops := chain(t.cold.runs[:i]).dropped(); drops && runs.Bucket(prefix) <= through {
			break
		}
		if r.lookup.FindPrefix(prefix) {
			inputs = append(inputs, r.rows(from))
		}
		t.fail(r.lookup.Err())
	}
	return runs.Merge(inputs...)
}

// mostFlights is how many runs of what is gone may be on their way at once.
const mostFlights = 4

// buryKey notes that a row is gone that runs have. Where these are many, they become a run: then
// it returns true, and the runs of the table are others.
func (t *Table) buryKey(key []byte) (isSpilled bool) {
	c, g := t.cold, &t.changes.epoch.gone
	if c.isGone(g, key) {
		return false
	}
	c.index(g, g.addKey(key))
	c.count = max(0, c.count-1)
	if len(g.keys) <= minGraves {
		return false
	}
	c.spill()
	for len(c.flights) > mostFlights {
		t.landOne()
	}
	return true
}
