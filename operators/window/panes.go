package window

import (
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
)

// merging is how far panes are merged into windows that fire. It only saves
// looking twice: what is merged is in the rows of the groups.
type merging struct {
	done int64 // windows up to it are merged; all of them are due
	pane int64 // of the next window, the pane that is being merged

	pool  *record.Pool
	types []record.Type // of the key columns

	from    []state.RowID
	into    []state.RowID
	made    []state.RowID
	hashes  []uint64
	orders  []int64
	columns []*record.Column
}

func newMerging(o opening) merging {
	m := merging{done: noWindow, pane: noWindow, pool: o.Pool}
	for _, f := range o.keyFields {
		m.types = append(m.types, f.Type)
	}
	return m
}

// collect appends results that are due at a watermark.
func (a *aligned) collect(w int64, limit int, due *results) (done bool) {
	due.groups = a.windows
	last := a.grid.due(w)
	for merges := limit; merges > 0 && limit > 0; {
		window, ok := a.nextWindow()
		if !ok || window > last {
			return true
		}
		if a.shared() && !a.merge(window, &merges) {
			return false
		}
		limit -= a.take(window, limit, due)
	}
	return false
}

// nextWindow returns the first window that is not fired.
func (a *aligned) nextWindow() (window int64, ok bool) {
	window = everWindow
	if l := a.windowTimes.least(); l != nil {
		window, ok = l.number, true
	}
	if !a.shared() {
		return window, ok
	}
	if l := a.paneTimes.least(); l != nil {
		window, ok = min(window, max(a.grid.first(l.number), a.merging.done+1)), true
	}
	return window, ok
}

// take appends at most limit groups of a window that is merged and returns how many.
func (a *aligned) take(window int64, limit int, due *results) int {
	l := a.windowTimes.from(window)
	if l == nil || l.number != window {
		return 0
	}
	rows := l.rows[l.next:]
	rows = rows[:min(len(rows), limit)]
	for _, r := range rows {
		due.add(r, a.grid.start(window), a.grid.end(window))
	}
	if l.next += len(rows); l.next == len(l.rows) {
		a.windowTimes.close(l)
	}
	return len(rows)
}

// merge merges the groups of a window's panes into groups of the window, about
// budget of them, from which it deducts them. It reports whether all are merged.
// Groups that it need not merge do not count, for they are few: those of rows that
// miss the window, and after a restore those merged before it.
func (a *aligned) merge(window int64, budget *int) (done bool) {
	m := &a.merging
	if window <= m.done {
		return true
	}
	begin := window * a.grid.slide
	for {
		l := a.paneTimes.from(max(begin, m.pane))
		if l == nil || l.number >= begin+a.grid.size {
			m.done, m.pane = window, noWindow
			return true
		}
		m.pane = l.number
		a.mergeSome(l, window, budget)
		if l.next < len(l.rows) {
			if *budget <= 0 {
				return false
			}
			continue
		}
		m.pane, l.next = m.pane+1, 0
		if window == a.grid.last(l.number) {
			a.paneTimes.close(l)
		}
	}
}

// mergeSome merges the next groups of a pane into a window, those that reach it.
// With their last window they are deleted.
func (a *aligned) mergeSome(l *list, window int64, budget *int) {
	m := &a.merging
	m.from = m.from[:0]
	for l.next < len(l.rows) && *budget > 0 && len(m.from) < batchRows {
		r := l.rows[l.next]
		l.next++
		if a.next.Get(r) <= window {
			*budget -= a.panes.Weight(r)
			*a.next.Ptr(r) = window + 1
			m.from = append(m.from, r)
		}
	}
	if len(m.from) == 0 {
		return
	}
	a.mergeInto(window)
	if window == a.grid.last(l.number) {
		a.panes.drop(m.from)
	}
}

// mergeInto merges the groups in from into those of their keys in a window.
func (a *aligned) mergeInto(window int64) {
	m := &a.merging
	m.columns = m.columns[:0]
	for _, t := range m.types {
		m.columns = append(m.columns, m.pool.NewColumn(t, len(m.from)))
	}
	a.panes.table.AppendKeys(m.columns, m.from)
	m.hashes, m.orders = m.hashes[:0], m.orders[:0]
	for _, r := range m.from {
		m.hashes, m.orders = append(m.hashes, a.panes.table.Hash(r)), append(m.orders, window)
	}
	into := resize(&m.into, len(m.from))
	m.made = a.windows.table.Upsert(m.hashes, m.columns, m.orders, nil, into, m.made[:0])
	for _, r := range m.made {
		a.windowTimes.add(window, r)
		a.windows.Identify(r, window)
	}
	a.windows.Merge(into, a.panes.Accumulators, m.from)
	for _, c := range m.columns {
		c.Release()
	}
}
