package statetest

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
)

// takeDue takes what is due at a time out of a table, a few rows at a time: some
// are deleted, some get another time, some are set aside, until the next time or not so
// long, and some are left for the next call.
func (d *driver) takeDue(table int) {
	if tables[table].Due == state.NeverDue {
		return
	}
	until := d.value(record.Int64).(int64)
	if d.random.IntN(4) == 0 {
		until = math.MaxInt64
	}
	for _, s := range d.subtasks {
		t := s.tables[table]
		t.TakeBack()
		aside := map[state.RowID]bool{}
		for calls := 0; calls < 100; calls++ {
			rows, more := t.Due(until, d.random.IntN(40), []state.RowID{state.NoRow})
			rows = rows[1:] // the rest was appended
			d.checkDue(t, until, rows, aside, more)
			d.handle(table, s, rows)
			d.setAside(table, t, rows, aside)
			if d.random.IntN(8) == 0 {
				t.TakeBack()
				clear(aside)
			}
			if !more || d.random.IntN(30) == 0 {
				break
			}
		}
	}
}

// setAside sets some of the rows aside that have come up and are still there, and gives one
// that was aside another time.
func (d *driver) setAside(table int, t *state.Table, rows []state.RowID, aside map[state.RowID]bool) {
	if spec := tables[table]; len(aside) > 0 && (spec.Multi || spec.Due != state.DueBySub) && d.random.IntN(4) == 0 {
		r := slices.Min(slices.Collect(maps.Keys(aside)))
		delete(aside, r)
		d.postpone(t, r)
		d.model.put(table, d.read(t, r))
	}
	var some []state.RowID
	for _, r := range rows {
		if t.Scan(r) == r && d.random.IntN(3) == 0 {
			some, aside[r] = append(some, r), true
		}
	}
	t.SetAside(some)
}

// checkDue holds the rows that are due to those that a scan finds and that are not aside.
func (d *driver) checkDue(t *state.Table, until int64, rows []state.RowID, aside map[state.RowID]bool, more bool) {
	d.t.Helper()
	name := t.Spec().Name
	last := int64(math.MinInt64)
	for i, r := range rows {
		at, ever := dueOf(t, r)
		if !ever || at > until || at < last || aside[r] || slices.Contains(rows[:i], r) {
			d.fatalf("%s: of the rows due at %d, row %d comes up behind %d, with %d", name, until, r, last, at)
		}
		last = at
	}
	for r := t.Scan(0); r != state.NoRow; r = t.Scan(r + 1) {
		at, ever := dueOf(t, r)
		if !ever || slices.Contains(rows, r) || aside[r] || at > until {
			continue
		}
		if !more || len(rows) > 0 && at < last {
			d.fatalf("%s: row %d, due at %d, is not among %d rows due at %d up to %d (more: %v)", name, r, at, len(rows), until, last, more)
		}
	}
}

// dueOf returns the time at which a row is due, if it is ever.
func dueOf(t *state.Table, r state.RowID) (at int64, ever bool) {
	for i := range t.Spec().Values {
		if t.Spec().Due == state.DueByValue(i) {
			return t.Int64(i).Get(r), true
		}
	}
	return t.Sub().Get(r), !t.SubIsNull(r)
}

// handle does what operators do with rows that are due.
func (d *driver) handle(table int, s *subtask, rows []state.RowID) {
	t := s.tables[table]
	rows = slices.Clone(rows)
	d.random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	for _, r := range rows {
		switch n := d.random.IntN(10); {
		case n < 6:
			d.delete(s, table, r)
		case n < 9 && (tables[table].Multi || tables[table].Due != state.DueBySub):
			d.postpone(t, r)
			d.model.put(table, d.read(t, r))
		}
	}
}

// postpone gives a row another time, most often a later one.
func (d *driver) postpone(t *state.Table, r state.RowID) {
	at := d.value(record.Int64).(int64)
	if was, _ := dueOf(t, r); d.random.IntN(4) > 0 {
		at = cmp.Or(was+d.random.Int64N(1<<d.random.IntN(40)), was+1)
	}
	t.SetDue(r, at)
}
