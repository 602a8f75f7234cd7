package state

import (
	"fmt"
	"slices"

	"github.com/weirstream/weir/state/runs"
)

// What fires is mostly read and deleted in the call that it rises in. So rows that rise by bucket
// are afloat at first: they are in no index, which one that is deleted at once never gets to know,
// until somebody could look for them by key or time, or the call ends. Of a bucket that memory
// has no row of, it is not asked for any.

// canFloat reports whether rows of the table are afloat when they have risen.
func (t *Table) canFloat() bool { return t.cold.due == nil && t.order == nil && t.expiry == nil }

// dueAfloat is [Table.Due] of a table whose rows can be afloat. Of a bucket, rows that rise come
// before those in memory: when these are deleted, all keys of it have come up, so that none is
// noted (see risen). Hence runs are looked through even where memory has all rows.
func (t *Table) dueAfloat(until int64, most int, rows []RowID) (due []RowID, more bool) {
	c, had, want := t.cold, len(rows), len(rows)+most
	for work := most + step; ; {
		bucket, below := c.next(t, until)
		switch {
		case !below:
			return t.due.upTo(biased(until), want-len(rows), rows)
		case bucket == noBucket: // these are not due
			t.riseEarly(bucket, most)
			return rows, true
		}
		room := want - len(rows)
		c.rows, more = t.due.upTo(biased(bucket), room, c.rows[:0])
		at := slices.IndexFunc(c.rows, func(r RowID) bool { return t.due.time(r) == biased(bucket) })
		if at < 0 || more && len(c.rows) < room { // there is none of the bucket, or nobody knows yet
			at = len(c.rows)
		}
		rows = append(rows, c.rows[:at]...)
		if len(rows) == want || more && len(c.rows) < room {
			return rows, true
		}
		rows = t.riseAfloat(bucket, at < len(c.rows), want, &work, rows)
		if !c.rise.hasPassed(bucket) {
			return rows, true
		}
		rows = append(rows, c.rows[at:][:min(len(c.rows)-at, want-len(rows))]...)
		if len(rows) == want || work <= 0 {
			return rows, true
		}
		if len(c.rows) > 0 { // they would be found again
			if len(rows) < had+step { // as buckets are small
				t.riseEarly(until, most)
			}
			return rows, true
		}
	}
}

// riseAfloat brings rows of a bucket up until there are as many as wanted. InMemory says that
// there are others of it; work is how many it may look at.
func (t *Table) riseAfloat(bucket int64, inMemory bool, want int, work *int, rows []RowID) []RowID {
	c, g := t.cold, &t.changes.epoch.gone
	s := &c.rise
	s.begun, s.through = true, max(s.through, bucket)
	first, someGone := len(rows), c.mayBeGone(g, bucket)
	for ; len(rows) < want && *work > 0 && !s.ended && runs.Bucket(s.at) == bucket; *work-- {
		gone := someGone && c.isGone(g, s.at)
		if inMemory || !gone {
			r := t.float(s.rows.Key(), s.rows.Value())
			if !inMemory || t.staysAfloat(r, gone) {
				rows = append(rows, r)
			}
		}
		s.move(t)
	}
	s.pass()
	c.floats.grow(int(t.limit))
	for _, r := range rows[first:] {
		c.floats.set(r)
	}
	c.afloat, c.count = append(c.afloat, rows[first:]...), max(0, c.count-len(rows[first:]))
	return rows
}

// float makes a row as if it had just been made, but for the indexes.
func (t *Table) float(key, value []byte) RowID {
	r := t.takeRow()
	t.makeRoom()
	t.live.set(r)
	t.changes.make(r)
	if err := t.layout.parse(key, value, &t.columns, r); err != nil {
		t.fail(fmt.Errorf("a row of its tier: %w", err))
	}
	return r
}

// staysAfloat takes a row back that was deleted or that memory has, and reports whether it does not.
func (t *Table) staysAfloat(r RowID, gone bool) bool {
	_, q := t.has(r)
	if q == NoRow && !gone {
		return true
	}
	t.unmake(r)
	if q != NoRow {
		t.touch(q) // which the next run has then, though it hides the key below
	}
	return false
}

// sink has rows that are afloat be found by key and time, as others are.
func (t *Table) sink() {
	c := t.cold
	if c == nil || len(c.afloat) == 0 {
		return
	}
	for _, r := range c.afloat {
		c.floats.clear(r)
		if t.live.has(r) {
			t.reindex(r)
			t.listUp(r)
		}
	}
	c.afloat = c.afloat[:0]
}

// isAfloat reports whether a row is in no index.
func (t *Table) isAfloat(r RowID) bool { return t.cold != nil && t.cold.floats.has(r) }

// mayBeGone reports whether a key of a bucket may be one that was deleted. What has risen before
// does not rise again.
func (c *cold) mayBeGone(g *graves, bucket int64) bool {
	return g.mayHold(bucket) || slices.ContainsFunc(c.flights, func(f *flight) bool { return f.gone.mayHold(bucket) })
}

// mayHold reports whether keys of a bucket may be gone.
func (g *graves) mayHold(bucket int64) bool { return len(g.keys) > 0 || g.through >= bucket }
