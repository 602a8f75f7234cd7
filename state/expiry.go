package state

import (
	"encoding/binary"
	"slices"
)

// expiry is the clock of a table whose rows expire, and which rows are next. When
// each one does is in the column until: the last moment at which it is there.
//
// The index and what follows from the clock are no part of a snapshot.
type expiry struct {
	now     int64 // [noTime] before the first Advance
	renewed int64 // until of a row that is written now
	index   *dueIndex
	pending bool // whether a row may have expired that was not dropped
	made    int  // rows, since the last Release
	dropped []RowID
}

// newExpiry returns nil where rows do not expire.
func newExpiry(c Clock) *expiry {
	if c == NoClock {
		return nil
	}
	return &expiry{now: noTime, renewed: undated}
}

// set gives the clock its time.
func (x *expiry) set(now int64, ttl TTL) {
	x.now = now
	last := ttl.After.Microseconds() - 1
	switch {
	case now == noTime:
		x.renewed = undated
	case now > lastTime-last:
		x.renewed = lastTime
	default:
		x.renewed = now + last
	}
}

// expired reports whether row r, of a table whose rows expire, has.
func (t *Table) expired(r RowID) bool { return int64(t.until.get(r)) < t.expiry.now }

// expired reports whether a row of a snapshot has expired by a time.
func (l layout) expired(value []byte, now int64) bool {
	return l.expires && len(value) >= 8 && int64(binary.LittleEndian.Uint64(value)) < now
}

// scanPresent is [Table.Scan].
func (t *Table) scanPresent(from RowID) RowID {
	r := t.live.next(from)
	for r != NoRow && t.expired(r) {
		r = t.live.next(r + 1)
	}
	return r
}

// listExpiry lists the rows that there are by when they expire.
func (t *Table) listExpiry() {
	t.expiry.index = newDueIndex(&t.until)
	for r := t.live.next(0); r != NoRow; r = t.live.next(r + 1) {
		t.expiry.index.list(r)
	}
}

// dateMade gives rows that are new their time to live.
func (t *Table) dateMade(rows []RowID, made []int32) {
	x := t.expiry
	x.made += len(made)
	for _, k := range made {
		*t.until.at(rows[k]) = uint64(x.renewed)
		x.index.list(rows[k])
	}
}

// renew gives a row a new time to live. One that expires later than before stays where
// it is in the index, which moves it when it comes up.
func (t *Table) renew(r RowID) {
	t.touch(r)
	until, renewed := t.until.at(r), t.expiry.renewed
	was := int64(*until)
	*until = uint64(renewed)
	if renewed < was {
		t.expiry.index.list(r)
	}
}

// renewFound renews the rows that Upsert has found, and makes those anew that have
// expired: in their places, since key and sub-key are the same.
func (t *Table) renewFound(rows []RowID) {
	x, b := t.expiry, &t.batch
	had := len(b.made)
	for k, r := range rows {
		switch until := int64(t.until.get(r)); {
		case until == x.renewed:
		case until < x.now:
			b.made = append(b.made, int32(k))
			t.renew(r)
			t.empty(r)
		case !t.spec.TTL.FromMade:
			t.renew(r)
		}
	}
	for i := range t.values {
		t.values[i].clear(rows, b.made[had:])
	}
}

// empty takes from a row, which was touched, its texts and the time at which it is due.
func (t *Table) empty(r RowID) {
	if t.due != nil && t.spec.Due != DueBySub {
		t.due.forget(r)
	}
	for i := range t.values {
		if c := &t.values[i]; c.heap != nil {
			word := c.words.at(r)
			old := *word
			*word = 0
			t.discard(c, old)
		}
	}
}

// hideExpired makes rows that have expired ones that were not found.
func (t *Table) hideExpired(rows []RowID) {
	if t.expiry == nil {
		return
	}
	for k, r := range rows {
		if r != NoRow && t.expired(r) {
			rows[k] = NoRow
		}
	}
}

// present returns the first row from r on, or back, that has not expired.
func (t *Table) present(r RowID, forward bool) RowID {
	if t.expiry == nil {
		return r
	}
	return t.dropUntilPresent(r, forward)
}

// dropUntilPresent is present. It drops the rows that it passes over, so that it does so
// once, however many have expired together.
func (t *Table) dropUntilPresent(r RowID, forward bool) RowID {
	for r != NoRow && t.expired(r) {
		gone := r
		r = t.order.neighbour(r, forward)
		t.Delete(gone)
	}
	return r
}

// dropAmong drops those of some rows that have expired, and returns the others.
func (t *Table) dropAmong(rows []RowID) []RowID {
	return slices.DeleteFunc(rows, func(r RowID) bool {
		expired := t.expired(r)
		if expired {
			t.Delete(r)
		}
		return expired
	})
}

// A Release drops at most so many of the rows that have expired, and twice as many as were
// made since the one before: more go out than come in. The index is asked so many times,
// since each time it moves hardly more rows than it is to give, but a row moves several
// times before it comes up.
const (
	dropRows  = 256
	dropCalls = 20
)

// dropExpired drops rows that have expired, the first ones first.
func (t *Table) dropExpired() {
	x := t.expiry
	if x == nil {
		return
	}
	most := dropRows + 2*x.made
	x.made = 0
	for calls := 0; x.pending && calls < dropCalls && most > 0; calls++ {
		x.dropped, x.pending = x.index.upTo(biased(x.now-1), most, x.dropped[:0])
		for _, r := range x.dropped {
			t.Delete(r)
		}
		most -= len(x.dropped)
	}
}

func (x *expiry) bytes() int {
	if x.index == nil { // of a table that was restored and not opened
		return 0
	}
	return x.index.bytes() + 4*cap(x.dropped)
}
