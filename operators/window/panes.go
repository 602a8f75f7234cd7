package window

import (
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
)

// merging is what it takes to merge panes into windows that fire.
type merging struct {
	pool  *record.Pool
	types []record.Type // of the key columns

	due     []state.RowID
	from    []state.RowID
	last    []state.RowID // of from, those in no later window
	into    []state.RowID
	made    []state.RowID
	hashes  []uint64
	columns []*record.Column
}

func newMerging(o opening) merging {
	m := merging{pool: o.Pool}
	for _, f := range o.keyFields {
		m.types = append(m.types, f.Type)
	}
	return m
}

// collect appends results that are due.
func (a *aligned) collect(to reach, limit int, due *results) (done bool) {
	due.groups = a.windows
	done = true
	if a.shared() {
		to.until, done = a.merge(to, limit)
	}
	m := &a.merging
	var more bool
	m.due, more = a.windows.dueIn(to, limit, m.due[:0])
	for _, r := range m.due {
		window := a.windows.sub.Get(r)
		due.add(r, a.grid.start(window), a.grid.end(window))
	}
	return done && !more
}

// merge merges about budget groups of panes into the windows that they are in and that
// are due, window by window. It returns the window up to which nothing is left to
// merge, and whether that is all.
func (a *aligned) merge(to reach, budget int) (complete int64, done bool) {
	m := &a.merging
	for complete = noWindow; budget > 0; {
		var more bool
		m.due, more = a.panes.dueIn(to, min(budget, batchRows), m.due[:0])
		if len(m.due) == 0 {
			if more { // nothing is lost by looking again, but for the budget
				return complete, false
			}
			return to.until, true
		}
		window := a.panes.time.Get(m.due[0])
		budget -= a.mergeSome(window, budget)
		complete = window - 1
	}
	return complete, false
}

// mergeSome merges those groups that are due by a window into it, until the budget
// is used up, and returns how much of it was. With their last window groups of panes
// are deleted.
func (a *aligned) mergeSome(window int64, budget int) (used int) {
	m := &a.merging
	m.from, m.last = m.from[:0], m.last[:0]
	for _, r := range m.due {
		if used >= budget || a.panes.time.Get(r) != window {
			break
		}
		used += a.panes.Weight(r)
		m.from = append(m.from, r)
	}
	a.mergeInto(window)
	for _, r := range m.from {
		if window == a.grid.last(a.paneOf(r)) {
			m.last = append(m.last, r)
		} else {
			a.panes.table.SetDue(r, window+1)
		}
	}
	a.panes.drop(m.last)
	return used
}

// mergeInto merges the groups in from into those of their keys in a window.
func (a *aligned) mergeInto(window int64) {
	m := &a.merging
	m.columns = m.columns[:0]
	for _, t := range m.types {
		m.columns = append(m.columns, m.pool.NewColumn(t, len(m.from)))
	}
	a.panes.table.AppendKeys(m.columns, m.from)
	m.hashes = m.hashes[:0]
	for _, r := range m.from {
		m.hashes = append(m.hashes, a.panes.table.Hash(r))
	}
	number := m.pool.NewConstant(record.Int64, len(m.from))
	number.AppendInt64(window)
	m.columns = append(m.columns, number)
	keys := len(m.types)
	into := resize(&m.into, len(m.from))
	m.made = a.windows.table.Upsert(m.hashes, m.columns[:keys], m.columns[keys:], nil, into, m.made[:0])
	a.windows.Merge(into, a.panes.Accumulators, m.from)
	for _, c := range m.columns {
		c.Release()
	}
}
