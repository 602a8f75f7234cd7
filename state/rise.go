package state

import (
	"fmt"
	"math"

	"github.com/weirstream/weir/state/runs"
)

// rise brings the rows of a table that come up in order of time from its tier, in the order
// of their buckets. What has risen stays in memory.
type rise struct {
	rows    *runs.Merged // of all runs, at the next row; nil before the first
	ended   bool         // there is none
	changed bool         // the runs are others than those of rows
	at      []byte       // the key of the next row, or where it is looked for
	begun   bool         // something has risen
	through int64        // rows up to this bucket may have
	risen   risen        // in this epoch, by bucket
}

const maxBucket = math.MaxInt64

func newRise() rise { return rise{changed: true, through: noBucket} }

// holds reports whether a row must stay in memory.
func (s *rise) holds(t *Table, r RowID) bool {
	switch by := t.spec.Due; {
	case by == NeverDue:
		return false
	case by != DueBySub:
		c := &t.values[by-dueByFirst]
		return !c.isNull(r) && int64(c.words.get(r)) <= s.through
	case !t.spec.Bucketed:
		return !t.SubIsNull(r) && int64(t.subs()[0].words.get(r)) <= s.through
	}
	return t.layout.bucketOf(&t.columns, r) <= s.through
}

// next returns the bucket of the next row, if it is until or before.
func (c *cold) next(t *Table, until int64) (bucket int64, ok bool) {
	s := &c.rise
	if c.isEmpty() && !t.canFloat() {
		return 0, false
	}
	if s.changed {
		s.rows, s.changed = c.inTime(s.from()), false
		s.move(t)
	}
	if s.ended {
		return 0, false
	}
	bucket = runs.Bucket(s.at)
	return bucket, bucket <= until
}

// from returns where to go on in other runs. Of the bucket that is rising, rows before the
// next one are in memory; of later buckets some may have gone down.
func (s *rise) from() []byte {
	switch {
	case s.through == noBucket && !s.begun:
		return nil
	case !s.ended && runs.Bucket(s.at) == s.through:
		return s.at
	}
	return behindBucket(s.through)
}

// move goes to the next row.
func (s *rise) move(t *Table) {
	if s.ended = !s.rows.Next(); s.ended {
		t.fail(s.rows.Err())
		return
	}
	s.at = append(s.at[:0], s.rows.Key()...)
}

// hasPassed reports whether no row of a bucket is left to rise.
func (s *rise) hasPassed(bucket int64) bool { return s.ended || runs.Bucket(s.at) > bucket }

// riseSome brings at most so many rows up whose bucket is until or before.
func (t *Table) riseSome(until int64, most int) {
	c := t.cold
	s := &c.rise
	if c.due != nil {
		t.riseByTime(until, most)
		return
	}
	for range most {
		bucket, ok := c.next(t, until)
		if !ok {
			return
		}
		s.begun, s.through = true, max(s.through, bucket)
		t.takeUp(s.rows.Key(), s.rows.Value(), true)
		s.move(t)
		s.pass()
	}
}

// pass notes that all rows before the next one have risen.
func (s *rise) pass() {
	before := s.risen.before[:0]
	s.risen.some = true
	if s.risen.through, s.risen.before = s.through, nil; !s.ended && runs.Bucket(s.at) <= s.through {
		s.risen.before = append(before, s.at...)
	}
}

// takeUp makes a row of the tier one of memory, unless that has it or it was deleted. One that
// is among what has risen by bucket is from then on as if it had just been made.
func (t *Table) takeUp(key, value []byte, isMade bool) {
	c := t.cold
	gone := c.isGone(&t.changes.epoch.gone, key)
	if gone && !isMade {
		return
	}
	r := t.takeRow()
	t.makeRoom()
	t.live.set(r)
	if err := t.layout.parse(key, value, &t.columns, r); err != nil {
		t.fail(fmt.Errorf("a row of its tier: %w", err))
	}
	t.changes.make(r)
	one, q := t.has(r)
	if q != NoRow || gone {
		t.unmake(r) // nobody has seen it
		if q != NoRow && isMade {
			t.touch(q) // which the next run has then, though it hides the key below
		}
		return
	}
	t.reindex(r)
	if t.order != nil {
		t.order.add(r, one)
		c.inherit(r, one, false)
	}
	t.listUp(r)
	if isMade {
		c.comeUp()
	} else {
		t.isUp(r)
	}
}

// clear makes a row zero that has no strings.
func (t *Table) clear(r RowID) {
	for _, columns := range [][]column{t.keys, t.values} {
		for i := range columns {
			*columns[i].words.at(r) = 0
			columns[i].setNull(r, false)
		}
	}
}

// has returns a row of the cluster of another, which no index has, and the row of memory that has
// its key and sub-key; NoRow is none.
func (t *Table) has(r RowID) (one, same RowID) {
	if one = NoRow; t.order != nil {
		one = t.order.headLike(r)
	}
	if t.spec.Multi {
		if one != NoRow {
			return one, t.order.like(one, r)
		}
		return one, NoRow
	}
	if t.spells {
		*t.shorts.at(uint32(r)) = shortHash(t.hash.get(r), t.hashOf(r, len(t.spec.Sub)))
	}
	short := t.shortHash(r)
	for q, at := t.index.next(short, short); q != NoRow; q, at = t.index.next(short, at) {
		if t.isSame(q, r) {
			return one, q
		}
	}
	return one, NoRow
}

// like returns the row of the cluster of a head that has the sub-key and number of another,
// which is in none, or NoRow.
func (o *ordering) like(head, r RowID) RowID {
	q := head
	if leaf := o.leafOf(head); leaf != noNode {
		q = o.rowAt(o.locate(o.rootOf(leaf), target{o.lead(r), r}))
	}
	if q != NoRow && (o.table.number.get(q) != o.table.number.get(r) || !o.table.isSame(q, r)) {
		return NoRow
	}
	return q
}

func (t *Table) isSame(q, r RowID) bool {
	for i := range t.keys {
		if !t.keys[i].same(q, r) {
			return false
		}
	}
	return true
}

// dueFromBoth is [Table.Due] of a table with a tier.
func (t *Table) dueFromBoth(until int64, most int, rows []RowID) (due []RowID, more bool) {
	if t.canFloat() {
		return t.dueAfloat(until, most, rows)
	}
	had := len(rows)
	for range 2 {
		bucket, below := t.cold.next(t, until)
		if !below {
			return t.due.upTo(biased(until), most, rows)
		}
		if due, more = t.due.upTo(biased(bucket), most, rows[:had]); more { // also where it has not got that far
			return due, true
		}
		t.riseEarly(until, most)
	}
	if bucket, below := t.cold.next(t, until); below {
		due, _ = t.due.upTo(biased(bucket), most, rows[:had])
		return due, true
	}
	return t.due.upTo(biased(until), most, rows[:had])
}

// riseEarly brings rows up for a call, and some for the next.
func (t *Table) riseEarly(until int64, most int) {
	starved := t.cold.starved
	t.riseSome(until, most+step)
	t.cold.starved = starved // what has risen cannot leave
}

// bringAll brings all rows up.
func (t *Table) bringAll() {
	c := t.cold
	if c.isEmpty() {
		return
	}
	t.sink()
	all := chain(c.runs).from(nil)
	for !c.isEmpty() && all.Next() {
		t.takeUp(all.Key(), all.Value(), false)
	}
	t.fail(all.Err())
	c.count, c.guessed = 0, false
}
