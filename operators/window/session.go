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
//	State:   one row per open session; finding a row's sessions looks at all open
//	         ones of its key.
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
// per key, under the sub-key start.
type sessions struct {
	groups
	gap, lateness int64
	end           state.Int64s // last row + gap
	over          []state.RowID

	// The rows of the batch that are not late, so far: all have a session assigned,
	// those in front of flushed are counted in it.
	rows    []int32
	hashes  []uint64
	found   []state.RowID
	flushed int
	one     [2][1]state.RowID
	new     newSession
}

// newSession is a session to be made, as a batch of one row.
type newSession struct {
	hash  [1]uint64
	start [1]*record.Column
	at    [1]int32
	row   [1]state.RowID
}

// firesAfter is a microsecond: a record at exactly the end still joins.
func (s Session) firesAfter() time.Duration { return time.Microsecond }

func (s Session) open(o opening) (windows, error) {
	end := record.Field{Name: "window_end", Type: record.Timestamp}
	g, err := o.groups(state.TableSpec{Name: "sessions", Multi: true, Sub: []record.Field{{Name: "window_start", Type: record.Timestamp}}, Values: []record.Field{end}, Due: state.DueByValue(0)})
	if err != nil {
		return nil, err
	}
	w := &sessions{groups: g, gap: s.Gap.Microseconds(), lateness: o.Lateness.Microseconds(), end: g.table.Int64(0)}
	return w, nil
}

func (s *sessions) add(in *arrival) {
	s.rows, s.hashes, s.found, s.flushed = s.rows[:0], s.hashes[:0], s.found[:0], 0
	for k, i := range in.rows {
		hash := in.hashes[k]
		r := s.place(in, hash, i)
		if r == state.NoRow {
			in.late = append(in.late, i)
			continue
		}
		s.rows, s.hashes, s.found = append(s.rows, i), append(s.hashes, hash), append(s.found, r)
	}
	s.flush(in)
}

// place returns the session of a row, which it opens, extends or merges from
// several; NoRow if the row is late.
func (s *sessions) place(in *arrival, hash uint64, i int32) state.RowID {
	t, w := in.times[i], in.watermark(i)
	end, session := ints.SaturatingAdd(t, s.gap), state.NoRow
	for r := s.table.Seek(hash, in.keys, int(i), nil); r != state.NoRow; {
		next := s.table.Next(r)
		if s.joins(r, t, end, w) {
			session = s.merge(in, session, r)
		}
		r = next
	}
	if session == state.NoRow {
		if ints.SaturatingAdd(end, s.lateness) < w {
			in.pairs++
			return state.NoRow
		}
		session = s.begin(in, hash, i)
	}
	s.extend(session, t, end)
	if t < w {
		in.merges++
	}
	return session
}

// joins reports whether a row at t, which alone would end at end, is part of a
// session: it is no more than a gap away, and the session is not over for it.
func (s *sessions) joins(r state.RowID, t, end, watermark int64) bool {
	sessionEnd := s.end.Get(r)
	return t <= sessionEnd && end >= s.sub.Get(r) && ints.SaturatingAdd(sessionEnd, s.lateness) >= watermark
}

func (s *sessions) begin(in *arrival, hash uint64, i int32) state.RowID {
	n := &s.new
	n.hash[0], n.start[0], n.at[0] = hash, in.batch.EventTime, i
	s.table.Insert(n.hash[:], in.keys, n.start[:], n.at[:], n.row[:])
	r, t := n.row[0], in.times[i]
	s.table.SetDue(r, ints.SaturatingAdd(t, s.gap))
	return r
}

func (s *sessions) extend(r state.RowID, start, end int64) {
	if start < s.sub.Get(r) {
		s.table.SetSub(r, start)
	}
	if end > s.end.Get(r) {
		s.table.SetDue(r, end)
	}
}

// merge makes one session of two, of which the first may be none yet.
func (s *sessions) merge(in *arrival, session, other state.RowID) state.RowID {
	if session == state.NoRow {
		return other
	}
	s.flush(in)
	s.extend(session, s.sub.Get(other), s.end.Get(other))
	s.one = [2][1]state.RowID{{session}, {other}}
	s.Merge(s.one[0][:], s.Accumulators, s.one[1][:])
	s.groups.drop(s.one[1][:])
	return session
}

// flush counts the rows of the batch in the sessions that they have assigned: a
// session must be up to date when it is merged.
func (s *sessions) flush(in *arrival) {
	if n := s.flushed; n < len(s.found) {
		s.Update(&agg.Input{Batch: in.batch, Keys: in.keys, Rows: s.rows[n:], Hashes: s.hashes[n:], Groups: s.found[n:]})
		s.flushed = len(s.found)
	}
}

// collect appends sessions that are over at watermark w.
func (s *sessions) collect(w int64, limit int, due *results) (done bool) {
	due.groups = s.groups
	until := int64(math.MaxInt64)
	if w != int64(record.MaxTime) {
		until = ints.SaturatingAdd(w, -s.lateness-1) // a record at exactly the end still joins
	}
	var more bool
	s.over, more = s.table.Due(until, limit, s.over[:0])
	for _, r := range s.over {
		due.add(r, s.sub.Get(r), s.end.Get(r))
	}
	return !more
}

func (s *sessions) fired(int64) {}

func (s *sessions) open(to *results) {
	to.groups = s.groups
	s.each(func(r state.RowID) { to.add(r, s.sub.Get(r), s.end.Get(r)) })
}
