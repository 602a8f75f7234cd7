package state

import (
	"fmt"
	"math"
	"time"

	"github.com/weirstream/weir/runtime/record"
)

// Clock is by which time rows expire. State has no clock of its own: operators say
// what time it is with [Backend.Advance].
type Clock int

const (
	NoClock        Clock = iota // rows do not expire
	EventTime                   // as a rule, the watermark of the operator
	ProcessingTime              // the time of the machine
)

// clocks is what clocks are called in snapshots and messages.
var clocks = [...]string{NoClock: "", EventTime: "event time", ProcessingTime: "processing time"}

// String returns the name of the clock.
func (c Clock) String() string { return clocks[c] }

// TTL is the time to live of the rows of a table. A row expires when the clock has
// advanced by After since the row was made or last written: it is written by an Upsert
// that finds it and by [Table.Renew], while values that are set are part of that write.
// What was written before the clock had any time begins to age when it is first given
// one.
//
// A row that has expired is absent, whether it was dropped or not. Upsert makes it anew;
// Find, Seek, Next, Prev, Due and Scan pass it over. The clock alone decides: nothing
// depends on when rows are dropped, on checkpoints or on restores. [Backend.Release]
// drops some hundred of those that have expired, and twice as many as were made. So does
// whoever comes by one in Seek, Next, Prev or Due.
type TTL struct {
	Clock    Clock
	After    time.Duration // 1 µs or more, in whole microseconds
	FromMade bool          // Upsert does not renew a row that it finds
}

// checkTTL reports what is wrong with the TTL of a declaration.
func (s TableSpec) checkTTL() error {
	switch ttl := s.TTL; {
	case ttl == TTL{}:
		return nil
	case ttl.Clock != EventTime && ttl.Clock != ProcessingTime:
		return fmt.Errorf("state table %q: its rows expire after %v, but by no clock", s.Name, ttl.After)
	case ttl.After < time.Microsecond:
		return fmt.Errorf("state table %q: its rows expire after %v; the least is 1 µs", s.Name, ttl.After)
	}
	return nil
}

// Advance says what time it is, for the tables that are open. Rows that thereby expire
// are gone: a [RowID] of one no longer counts. Clocks never go backwards: an earlier
// time than one before, or none (the least of all times), changes nothing. The first
// time that a table is told dates all rows that it has; afterwards Advance does no work
// by the row.
func (b *Backend) Advance(c Clock, now record.Time) {
	for _, t := range b.tables {
		if t.opened && t.expiry != nil && t.spec.TTL.Clock == c {
			t.advance(min(int64(now), lastTime))
		}
	}
}

const (
	noTime   = math.MinInt64     // of a clock that was never advanced
	lastTime = math.MaxInt64 - 1 // to which clocks advance
	undated  = math.MaxInt64     // until of a row that begins to age at the first Advance
)

func (t *Table) advance(now int64) {
	x := t.expiry
	if now <= x.now {
		return
	}
	first := x.now == noTime
	if first && t.cold != nil {
		t.bringAll() // to be dated
	}
	x.set(now, t.spec.TTL)
	x.pending = true
	if first {
		t.dateAll()
	}
}

// dateAll has the rows that were written before the clock had a time begin to age.
func (t *Table) dateAll() {
	for r := t.live.next(0); r != NoRow; r = t.live.next(r + 1) {
		if t.until.get(r) == undated {
			t.renew(r)
		}
	}
}

// Renew gives rows a new time to live, as a write does.
func (t *Table) Renew(rows []RowID) {
	if t.expiry == nil {
		panic(fmt.Sprintf("state: Renew on table %q, whose rows do not expire", t.spec.Name))
	}
	t.mustHaveAll(rows)
	for _, r := range rows {
		t.renew(r)
	}
}

// openTTL has rows expire as a declaration says, which has the clock of the table.
func (t *Table) openTTL(ttl TTL) error {
	x := t.expiry
	switch {
	case x == nil:
		return nil
	case x.index != nil && t.spec.TTL != ttl:
		return fmt.Errorf("state table %q is open, and its rows expire in another way", t.spec.Name)
	case x.index == nil:
		t.spec.TTL = ttl
		x.set(x.now, ttl)
		t.listExpiry()
	}
	return nil
}

// expireBy gives a restored table another clock, or none, by which its rows begin to
// age anew. REQUIRES: nobody has opened it.
func (t *Table) expireBy(c Clock) {
	if c == t.spec.TTL.Clock {
		return
	}
	t.until, t.expiry, t.layout.expires = words{guard: t.guard}, newExpiry(c), c != NoClock
	if c == NoClock {
		return
	}
	t.until.grow(t.hash.len())
	for r := t.live.next(0); r != NoRow; r = t.live.next(r + 1) {
		*t.until.at(r) = undated
	}
}
