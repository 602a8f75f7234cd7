package window

import (
	"fmt"
	"math"
	"time"

	"github.com/weirstream/weir/operators/agg"
	"github.com/weirstream/weir/runtime/ints"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
)

// Session is windows of a key's own, each from its first row to a gap behind its
// last. Two rows exactly a gap apart are in one session.
//
//	Input:   key columns, argument and filter columns, event time, in any order.
//	Output:  key columns, window_start, window_end (last row + gap), aggregates.
//	State:   one row per open session, in the order of their ends; a row's sessions
//	         are found in time by the logarithm of the open ones of its key.
//	Fires:   once, when the watermark has passed window_end + allowed lateness.
//	Late:    rows whose session, merged with those they may join, is over.
//	Errors:  a sum of int64 that int64 cannot hold.
//
// A row joins a session only while the session's end + allowed lateness ≥ the
// row's watermark; after that it opens one of its own, even if the older is still
// in state. So sessions of one key may overlap in the table: each is what rows
// that came one at a time would have found.
//
// Of one split the result is therefore that of one row at a time. Of several it
// is, whatever their order, as long as no row is behind its watermark: which session
// such a row finds, if it is not late, depends on what the others have brought.
// The counters late and late_merges together say how many such rows there were.
type Session struct {
	Gap time.Duration // whole microseconds, at least 1 µs
}

func (s Session) validate() error {
	if s.Gap <= 0 || s.Gap%time.Microsecond != 0 {
		return fmt.Errorf("gap %v is not a whole number of microseconds, at least 1µs", s.Gap)
	}
	return nil
}

// sessions is the open sessions: groups of a table that has any number of rows
// per key, in the order of their ends.
type sessions struct {
	groups
	gap, lateness int64
	start         state.Int64s
	// reach is not above the start of a row nor the reach of the next one, so that
	// whoever goes through sessions by their ends sees where none can begin in time.
	reach state.Int64s
	over  []state.RowID

	// The rows of the batch that are not late, so far: all have a session assigned,
	// those in front of flushed are counted in it.
	rows    []int32
	hashes  []uint64
	found   []state.RowID
	flushed int

	// Scratch of one row.
	from   state.Cursor
	joined []state.RowID
	end    int64 // of the last of joined, read beside its start: neither waits for the other
	one    [2][1]state.RowID
}

// firesAfter is a microsecond: a record at exactly the end still joins.
func (s Session) firesAfter() time.Duration { return time.Microsecond }

func (s Session) open(o opening) (windows, error) {
	of := func(name string) []record.Field { return []record.Field{{Name: name, Type: record.Timestamp}} }
	g, err := o.groups(state.TableSpec{Name: "sessions", Multi: true, Sub: of("window_end"), Due: state.DueBySub,
		Values: append(of("window_start"), of("reach")...)})
	if err != nil {
		return nil, err
	}
	return &sessions{groups: g, gap: s.Gap.Microseconds(), lateness: o.Lateness.Microseconds(),
		start: g.table.Int64(0), reach: g.table.Int64(1)}, nil
}

func (s *sessions) add(in *arrival) {
	s.rows, s.hashes, s.found, s.flushed = s.rows[:0], s.hashes[:0], s.found[:0], 0
	s.table.LoadKeys(in.hashes, in.keys, in.rows)
	for k, i := range in.rows {
		r := s.place(in, k, i)
		if r == state.NoRow {
			in.late = append(in.late, i)
			continue
		}
		s.rows = append(s.rows, i)
		s.hashes = append(s.hashes, in.hashes[k])
		s.found = append(s.found, r)
	}
	s.flush(in)
}

// place returns the session of a row, number k of those that count, which it opens,
// extends or merges from several; NoRow if the row is late.
func (s *sessions) place(in *arrival, k int, i int32) state.RowID {
	t, w := in.times[i], in.watermark(i)
	end := ints.SaturatingAdd(t, s.gap)
	s.find(k, max(t, ints.SaturatingAdd(w, -s.lateness)), end)
	session := state.NoRow
	switch n := len(s.joined); {
	case n > 0:
		session = s.joined[n-1]
		for _, other := range s.joined[:n-1] {
			s.merge(in, session, other)
		}
		s.extend(session, t, end, s.end)
	case ints.SaturatingAdd(end, s.lateness) < w:
		in.missed(i, 1, ints.SaturatingAdd(ints.SaturatingAdd(end, s.lateness), 1)) // a record at exactly the end still joins
		return state.NoRow
	default:
		session = s.begin(k, t, end)
	}
	if t < w {
		in.merges++
	}
	return session
}

// find sets joined to the sessions of the key of row k, in the order of their ends, that
// end at from or later and begin at end or before: those that a row with this end is
// part of, where from is its time, or what its watermark leaves open.
func (s *sessions) find(k int, from, end int64) {
	s.joined = s.joined[:0]
	s.from = state.FromInt64(s.from[:0], from)
	r := s.table.Seek(k, s.from)
	for ; r != state.NoRow && s.reach.Get(r) <= end; r = s.table.Next(r) {
		if s.start.Get(r) <= end {
			s.joined, s.end = append(s.joined, r), s.sub.Get(r)
		}
	}
}

// begin makes a session of the key of row k.
func (s *sessions) begin(k int, t, end int64) state.RowID {
	r := s.table.InsertKey(k, end)
	reach := t
	if next := s.table.Next(r); next != state.NoRow {
		reach = min(t, s.reach.Get(next))
	}
	*s.start.Ptr(r), *s.reach.Ptr(r) = t, reach
	s.lower(s.table.Prev(r), reach)
	return r
}

// extend has a session, which ends at had, begin at start and end at end, if it does not
// already begin before and end behind. It keeps its place in the order of ends: what ends between
// its old and its new end begins before the new one, too, and has been merged.
func (s *sessions) extend(r state.RowID, start, end, had int64) {
	if start < s.start.Get(r) {
		*s.start.Ptr(r) = start
		s.lower(r, start)
	}
	if end > had {
		s.table.SetSub(r, end)
	}
}

// lower makes a start known to a session and those before it.
func (s *sessions) lower(r state.RowID, start int64) {
	for ; r != state.NoRow && s.reach.Get(r) > start; r = s.table.Prev(r) {
		*s.reach.Ptr(r) = start
	}
}

// merge merges a session into another one that ends behind it.
func (s *sessions) merge(in *arrival, session, other state.RowID) {
	s.flush(in)
	s.extend(session, s.start.Get(other), s.sub.Get(other), s.end)
	s.one = [2][1]state.RowID{{session}, {other}}
	s.Merge(s.one[0][:], s.Accumulators, s.one[1][:])
	s.groups.drop(s.one[1][:])
}

// flush counts the rows of the batch in the sessions that they have assigned: a
// session must be up to date when it is merged.
func (s *sessions) flush(in *arrival) {
	if n := s.flushed; n < len(s.found) {
		s.Update(&agg.Input{Batch: in.batch, Keys: in.keys, Rows: s.rows[n:], Hashes: s.hashes[n:], Groups: s.found[n:]})
		s.flushed = len(s.found)
	}
}

// until returns the last end of sessions that are over at watermark w.
func (s *sessions) until(w int64) int64 {
	if w == int64(record.MaxTime) {
		return math.MaxInt64
	}
	return ints.SaturatingAdd(w, -s.lateness-1) // a record at exactly the end still joins
}

// collect appends sessions that are over.
func (s *sessions) collect(to reach, limit int, due *results) (done bool) {
	due.groups = s.groups
	var more bool
	s.over, more = s.dueIn(to, limit, s.over[:0])
	for _, r := range s.over {
		due.add(r, s.start.Get(r), s.sub.Get(r))
	}
	return !more
}

func (s *sessions) takeBack() { s.table.TakeBack() }

func (s *sessions) fired(int64) {}

func (s *sessions) open(to *results) {
	to.groups = s.groups
	s.each(func(r state.RowID) { to.add(r, s.start.Get(r), s.sub.Get(r)) })
}
