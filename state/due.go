package state

import (
	"fmt"
	"math"
	"math/bits"
	"slices"

	"github.com/weirstream/weir/runtime/record"
)

// DueBy says by which time the rows of a table come up in [Table.Due].
type DueBy int

const (
	NeverDue DueBy = iota // rows do not come up
	DueBySub              // the first sub-key column, unless it is null; of type Int64 or Timestamp
	dueByFirst
)

// DueByValue is by value column i, of type Int64 or Timestamp. A row that was just
// made is not due at any time before [Table.SetDue] gives it one.
func DueByValue(i int) DueBy { return dueByFirst + DueBy(i) }

// checkDue reports what is wrong with the time of a declaration.
func (s TableSpec) checkDue() error {
	i := int(s.Due - dueByFirst)
	switch {
	case s.Due == NeverDue, s.Due == DueBySub && len(s.Sub) > 0 && isTime(s.Sub[0].Type):
		return nil
	case i >= 0 && i < len(s.Values) && isTime(s.Values[i].Type):
		return nil
	}
	return fmt.Errorf("state table %q has no sub-key or column of times that its rows could be due by", s.Name)
}

func isTime(t record.Type) bool { return t.Kind == record.KindInt64 || t.Kind == record.KindTimestamp }

// Due appends at most so many rows whose time is until or before, in order of
// time, and reports whether there may be more. A row stays due until it is deleted
// or given another time. Work is bounded: where much lies at one time, a call may
// return few rows, or none, and say that there may be more. Only rows that come with
// a time before others that are due cost more: those that are due are sorted once.
func (t *Table) Due(until int64, most int, rows []RowID) (due []RowID, more bool) {
	d := t.timed()
	t.sink()
	if t.cold != nil && (t.canFloat() || !t.cold.isEmpty()) {
		due, more = t.dueFromBoth(until, most, rows)
	} else {
		due, more = d.upTo(biased(until), most, rows)
	}
	if t.expiry != nil {
		due = due[:len(rows)+len(t.dropAmong(due[len(rows):]))]
	}
	return due, more
}

// SetDue gives a row the time at which it is due.
func (t *Table) SetDue(r RowID, at int64) {
	if t.spec.Due == DueBySub {
		t.SetSub(r, at)
		return
	}
	t.mustHave(r)
	d := t.timed()
	t.touch(r)
	*d.times.at(r) = uint64(at)
	d.list(r)
}

// timed returns the index by time, which a caller takes to be there.
func (t *Table) timed() *dueIndex {
	if t.due == nil {
		panic(fmt.Sprintf("state: Due or SetDue on table %q, whose rows are never due", t.spec.Name))
	}
	return t.due
}

// openDue lists the rows that there are by their times.
func (t *Table) openDue(by DueBy) {
	t.spec.Due = by
	var column *column
	if by == DueBySub {
		column = &t.subs()[0]
	} else {
		column = &t.values[by-dueByFirst]
	}
	t.due = newDueIndex(&column.words)
	for r := t.live.next(0); r != NoRow; r = t.live.next(r + 1) {
		if !column.isNull(r) {
			t.due.list(r)
		}
	}
}

// listSub lists a row that is due by its sub-key.
func (t *Table) listSub(r RowID) {
	if !t.SubIsNull(r) {
		t.due.list(r)
	}
}

// dueIndex finds rows by their times. It is a radix heap (Ahuja, Mehlhorn, Orlin
// and Tarjan, Faster algorithms for the shortest path problem, 1990), of two levels:
// rows lie in buckets by the highest digit in which their time differs from a base,
// and by the value of that digit. The base rises to the least time whenever nothing
// before it is left. So a row moves at most once a digit, each time to a lower bucket,
// and nothing is kept in order that is not due yet.
//
// Rows are not taken out of buckets when they are deleted or get another time: at
// says where the entry lies that counts, if any. Where a row gets a later time its
// entry may stay, for it comes up before and is moved then.
//
// The index follows from the rows and is never part of a snapshot.
type dueIndex struct {
	times *words
	base  uint64 // [biased]

	// head has the rows with times up to base, in order unless they are unsorted,
	// behind entries that are done with.
	head     []RowID
	done     int
	unsorted bool

	digits [numDigits]*digit // the lowest first; nil where no row ever differed
	moving place             // the bucket whose rows are on their way to lower ones, or nowhere
	at     []place
	aside  bool // some rows may be set aside: listed nowhere, though they have times
}

// digit is the rows whose times differ from the base in one digit first.
type digit struct {
	buckets [1 << bitsPerDigit]bucket
	filled  uint16 // a bit for each bucket that has entries
}

// bucket is the rows of one value of a digit.
type bucket struct {
	rows  []RowID
	done  int    // of rows, while they are moved
	least uint64 // no time is less
	live  int    // the entries that count
}

// place is where the entry of a row lies: nowhere, in the head, or in a bucket. What
// is due before has a lower place.
type place uint16

const (
	nowhere place = iota
	inHead
	inBucket // + the number of the digit << bitsPerDigit + its value

	bitsPerDigit = 4
	numDigits    = 64 / bitsPerDigit

	// headEntry is set, beside the place, while the head has an entry of the row,
	// so that it never has two.
	headEntry place = 1 << 15
)

// biased makes times numbers whose order is that of unsigned ones.
func biased(time int64) uint64 { return uint64(time) ^ 1<<63 }

func newDueIndex(times *words) *dueIndex { return &dueIndex{times: times} }

// newDigit returns empty buckets.
func newDigit() *digit {
	d := &digit{}
	for i := range d.buckets {
		d.buckets[i].least = math.MaxUint64
	}
	return d
}

// bucket returns the bucket that a place stands for. REQUIRES: it has had a row.
func (d *dueIndex) bucket(p place) *bucket {
	p -= inBucket
	return &d.digits[p>>bitsPerDigit].buckets[p&(1<<bitsPerDigit-1)]
}

// fill returns the bucket that a place stands for, to put a row into.
func (d *dueIndex) fill(p place) *bucket {
	at := &d.digits[(p-inBucket)>>bitsPerDigit]
	if *at == nil {
		*at = newDigit()
	}
	(*at).filled |= 1 << ((p - inBucket) & (1<<bitsPerDigit - 1))
	return d.bucket(p)
}

func (d *dueIndex) time(r RowID) uint64 { return d.times.get(r) ^ 1<<63 }

// placeOf returns where a row with a time belongs.
func (d *dueIndex) placeOf(time uint64) place {
	if time <= d.base {
		return inHead
	}
	digit := (bits.Len64(time^d.base) - 1) / bitsPerDigit
	return inBucket + place(digit<<bitsPerDigit) + place(time>>(digit*bitsPerDigit)&(1<<bitsPerDigit-1))
}

func (d *dueIndex) placed(r RowID) place {
	if int(r) >= len(d.at) {
		return nowhere
	}
	return d.at[r] &^ headEntry
}

// list takes in a row, or the new time of one.
func (d *dueIndex) list(r RowID) {
	time, was := d.time(r), d.placed(r)
	switch to := d.placeOf(time); {
	case was != nowhere && was == d.moving && to != inHead: // is moved before more is due
	case was == inHead && to == inHead:
		d.unsorted = true
	case was != nowhere && was == to:
		b := d.bucket(to)
		b.least = min(b.least, time)
	case was == nowhere || to < was:
		d.forget(r)
		d.add(r, to, time)
	}
}

// forget has the entry of a row not count any more.
func (d *dueIndex) forget(r RowID) {
	if was := d.placed(r); was != nowhere {
		if was >= inBucket {
			d.bucket(was).live--
		}
		d.at[r] &= headEntry
	}
}

// add makes an entry of a row that has none that counts.
func (d *dueIndex) add(r RowID, to place, time uint64) {
	for int(r) >= len(d.at) {
		d.at = append(d.at, nowhere)
	}
	had := d.at[r] & headEntry
	if to == inHead {
		d.at[r] = inHead | headEntry
		d.unsorted = d.unsorted || had != 0 || time < d.base
		if had == 0 {
			d.head = append(d.head, r)
		}
		return
	}
	d.at[r] = to | had
	b := d.fill(to)
	b.rows = append(b.rows, r)
	b.least, b.live = min(b.least, time), b.live+1
	if len(b.rows) > 2*b.live+minWaste {
		d.compact(to)
	}
}

// minWaste is how many entries that do not count a small bucket may hold.
const minWaste = 1024

// compact drops the entries of a bucket that do not count. REQUIRES: it is not the
// one that is moving.
func (d *dueIndex) compact(p place) {
	const seen = headEntry - 1
	b := d.bucket(p)
	kept := b.rows[:0]
	for _, r := range b.rows {
		if d.placed(r) == p { // of two entries the first
			d.at[r] |= seen
			kept = append(kept, r)
		}
	}
	for _, r := range kept {
		d.at[r] = d.at[r]&headEntry | p
	}
	b.rows = kept
}

// leave is forget of a row that leaves memory, as many may of a bucket that no row comes to.
func (d *dueIndex) leave(r RowID) {
	was := d.placed(r)
	d.forget(r)
	if was < inBucket || was == d.moving {
		return
	}
	if b := d.bucket(was); len(b.rows) > 2*b.live+minWaste {
		d.compact(was)
		b.rows = slices.Clone(b.rows)
	}
}

// step is how many rows a call moves at least before it gives up; tests take fewer.
var step = 256

// upTo is [Table.Due].
func (d *dueIndex) upTo(until uint64, most int, rows []RowID) (due []RowID, more bool) {
	if d.unsorted {
		d.sortHead()
	}
	want, work := len(rows)+most, most+step
	for i := d.done; ; {
		for ; i < len(d.head); i++ {
			r := d.head[i]
			switch counts := d.counts(r); {
			case !counts && i == d.done:
				d.at[r] &^= headEntry
				d.done++
			case !counts:
			case d.time(r) > until:
				return rows, false
			case len(rows) == want:
				return rows, true
			default:
				rows = append(rows, r)
			}
		}
		if d.done > len(d.head)/2 {
			d.head, i, d.done = append(d.head[:0], d.head[d.done:]...), i-d.done, 0
		}
		if len(rows) == want || work <= 0 {
			return rows, d.moving != nowhere || d.least(until) != nowhere
		}
		if d.moving == nowhere && !d.advance(until) {
			return rows, false
		}
		if work -= d.move(work); d.unsorted { // a row is in a place that was passed
			return rows, true
		}
	}
}

// counts reports whether the entry of a row in the head counts. One that has a
// later time by now goes where it belongs.
func (d *dueIndex) counts(r RowID) bool {
	if d.placed(r) != inHead {
		return false
	}
	time := d.time(r)
	if time <= d.base {
		return true
	}
	d.forget(r)
	d.add(r, d.placeOf(time), time)
	return false
}

// sortHead puts the head in order of time; those that are equal stay as they came.
func (d *dueIndex) sortHead() {
	d.head = slices.DeleteFunc(slices.Delete(d.head, 0, d.done), func(r RowID) bool {
		if d.counts(r) {
			return false
		}
		d.at[r] &^= headEntry
		return true
	})
	slices.SortStableFunc(d.head, func(a, b RowID) int {
		if d.time(a) < d.time(b) {
			return -1
		}
		return int(min(1, d.time(a)-d.time(b)))
	})
	d.done, d.unsorted = 0, false
}

// least returns the lowest bucket with a row that counts, if its times may begin
// at until or before. REQUIRES: none is moving.
func (d *dueIndex) least(until uint64) place {
	for i, digit := range d.digits {
		if digit == nil {
			continue
		}
		for digit.filled != 0 {
			value := bits.TrailingZeros16(digit.filled)
			switch b := &digit.buckets[value]; {
			case b.live > 0 && b.least > until:
				return nowhere
			case b.live > 0:
				return inBucket + place(i<<bitsPerDigit+value)
			default:
				digit.empty(value)
			}
		}
	}
	return nowhere
}

// empty takes all entries out of a bucket.
func (d *digit) empty(value int) {
	b := &d.buckets[value]
	b.rows = b.rows[:0]
	b.done, b.least, b.live = 0, math.MaxUint64, 0
	d.filled &^= 1 << value
}

// advance raises the base to the least time that is listed and begins to move the
// rows of its bucket. It reports whether there is one up to until.
func (d *dueIndex) advance(until uint64) bool {
	d.moving = d.least(until)
	if d.moving == nowhere {
		return false
	}
	d.base = d.bucket(d.moving).least
	return true
}

// move moves about so many rows of the bucket that is moving, and returns how many.
func (d *dueIndex) move(most int) (moved int) {
	b := d.bucket(d.moving)
	for ; b.done < len(b.rows) && moved < most; b.done, moved = b.done+1, moved+1 {
		r := b.rows[b.done]
		if d.placed(r) != d.moving {
			continue
		}
		time := d.time(r)
		d.forget(r)
		d.add(r, d.placeOf(time), time)
	}
	if b.done == len(b.rows) {
		d.digits[(d.moving-inBucket)>>bitsPerDigit].empty(int(d.moving-inBucket) & (1<<bitsPerDigit - 1))
		d.moving = nowhere
	}
	return moved
}

// rename has rows go by other numbers, as in a checked table, and drops the entries that
// do not count. How far rows have moved stays: Due goes on where it was.
func (d *dueIndex) rename(from, to []RowID) {
	was := d.at
	d.at = make([]place, len(was))
	names := slices.Repeat([]RowID{NoRow}, len(was))
	for i, r := range from {
		if int(r) < len(names) { // others were never listed
			names[r] = to[i]
		}
	}
	renamed := func(rows []RowID, p place) (kept []RowID) {
		for _, r := range rows {
			if name := names[r]; name != NoRow && was[r]&^headEntry == p {
				was[r] = nowhere // of two entries the first
				kept = append(kept, name)
				for int(name) >= len(d.at) {
					d.at = append(d.at, nowhere)
				}
				d.at[name] = p
			}
		}
		return kept
	}
	d.head, d.done = renamed(d.head[d.done:], inHead), 0
	for _, r := range d.head {
		d.at[r] |= headEntry
	}
	for i, digit := range d.digits {
		for value := range 1 << bitsPerDigit {
			if digit != nil {
				b := &digit.buckets[value]
				b.rows, b.done = renamed(b.rows[b.done:], inBucket+place(i<<bitsPerDigit+value)), 0
				b.live = len(b.rows)
			}
		}
	}
}

func (d *dueIndex) bytes() int {
	n := cap(d.head)
	for _, digit := range d.digits {
		if digit == nil {
			continue
		}
		for i := range digit.buckets {
			n += cap(digit.buckets[i].rows)
		}
	}
	return 4*n + 2*cap(d.at)
}
