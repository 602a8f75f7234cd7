package window

import (
	"math"

	"github.com/weirstream/weir/operators/agg"
	"github.com/weirstream/weir/runtime/ints"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
)

// aligned is the windows of a grid.
type aligned struct {
	grid    grid
	overlap int64

	// panes holds a group per key, pane and number of windows missed, under the
	// sub-key pane·overlap + missed. It is due by the first window that it is not merged
	// into yet, unless windows do not overlap.
	panes groups
	// windows holds a group per key of windows that are firing, under the number
	// of the window, which it is due by. Where windows do not overlap they are the
	// panes.
	windows groups

	merging merging

	place  [1]*record.Column // the sub-key of the rows of the batch, by position
	orders []int64           // its values
	found  []state.RowID
	made   []state.RowID
}

// windowField is the sub-key of groups of windows: the number of the window.
var windowField = []record.Field{{Name: "window", Type: record.Int64}}

func openAligned(o opening, g grid) (windows, error) {
	a := &aligned{grid: g, overlap: g.overlap(), merging: newMerging(o)}
	var err error
	if !a.shared() {
		if a.panes, err = o.groups(state.TableSpec{Name: "windows", Sub: windowField, Bucketed: true, Due: state.DueBySub}); err != nil {
			return nil, err
		}
		a.windows = a.panes
		return a, nil
	}
	next := record.Field{Name: "next_window", Type: record.Int64}
	panes := state.TableSpec{Name: "panes", Sub: []record.Field{{Name: "pane", Type: record.Int64}}, Bucketed: true,
		Values: []record.Field{next}, Due: state.DueByValue(0)}
	if a.panes, err = o.groups(panes); err != nil {
		return nil, err
	}
	if a.windows, err = o.groups(state.TableSpec{Name: "firing", Sub: windowField, Bucketed: true, Due: state.DueBySub}); err != nil {
		return nil, err
	}
	return a, nil
}

// shared reports whether windows share panes.
func (a *aligned) shared() bool { return a.grid.size > 1 }

// paneOf returns the pane of a group of panes.
func (a *aligned) paneOf(r state.RowID) int64 {
	pane, _ := ints.FloorDiv(a.panes.sub.Get(r), a.overlap)
	return pane
}

func (a *aligned) add(in *arrival) {
	physical := in.batch.Physical()
	a.place[0] = a.merging.pool.NewColumn(record.Int64, physical)
	a.place[0].Resize(physical)
	a.orders = a.place[0].Int64s()
	if least := a.assign(in); in.watermarks != nil || least < a.grid.firstPaneBehind(a.grid.due(in.fired)) {
		a.exclude(in)
	}
	found := resize(&a.found, len(in.rows))
	a.made = a.panes.table.Upsert(in.hashes, in.keys, a.place[:], in.rows, found, a.made[:0])
	a.place[0].Release()
	a.begin(a.made)
	a.panes.Update(&agg.Input{Batch: in.batch, Keys: in.keys, Rows: in.rows, Hashes: in.hashes, Groups: found})
}

// assign sets the sub-key of each row to that of its pane, no window missed,
// and returns the least pane.
func (a *aligned) assign(in *arrival) (least int64) {
	var order, from, until int64 = 0, math.MaxInt64, math.MinInt64
	least = math.MaxInt64
	for _, i := range in.rows {
		t := in.times[i]
		if t < from || t > until { // most rows are in the pane of the row before
			var pane int64
			pane, from, until = a.grid.at(t)
			order, least = pane*a.overlap, min(least, pane)
		}
		a.orders[i] = order
	}
	return least
}

// exclude takes rows out of windows that they are late for: out of all, or out of
// the first few, which is in the sub-key then.
func (a *aligned) exclude(in *arrival) {
	watermark := int64(math.MinInt64)
	var gone int64 = noWindow // the last window that a row with this watermark is late for
	kept := 0
	for k, i := range in.rows {
		if w := in.watermark(i); w != watermark {
			watermark, gone = w, a.grid.due(w)
		}
		pane := a.orders[i] / a.overlap // without a remainder
		first, last := a.grid.first(pane), a.grid.last(pane)
		if gone >= first {
			missed := min(gone, last) - first + 1
			in.missed(i, missed, ints.SaturatingAdd(a.grid.end(first), a.grid.late))
			a.orders[i] += missed
			if gone >= last {
				in.late = append(in.late, i)
				continue
			}
			in.partly = append(in.partly, i)
		}
		in.rows[kept], in.hashes[kept] = i, in.hashes[k]
		kept++
	}
	in.rows, in.hashes = in.rows[:kept], in.hashes[:kept]
}

// begin makes rows that were just made groups of panes.
func (a *aligned) begin(made []state.RowID) {
	if !a.shared() {
		return
	}
	for _, r := range made {
		pane, missed := ints.FloorDiv(a.panes.sub.Get(r), a.overlap)
		a.panes.table.SetDue(r, a.grid.first(pane)+missed)
	}
}

func (a *aligned) drop(rows []state.RowID) { a.windows.drop(rows) }

func (a *aligned) until(w int64) int64 { return a.grid.due(w) }

func (a *aligned) takeBack() {
	a.panes.table.TakeBack()
	a.windows.table.TakeBack()
}

func (a *aligned) fired(w int64) {
	complete := a.grid.due(w)
	a.windows.dropBuckets(complete)
	if a.shared() {
		a.panes.dropBuckets(timesPlus(a.grid.firstPaneAfter(complete), a.overlap, 0) - 1)
	}
}

// open appends the groups of panes, with the bounds of their pane.
func (a *aligned) open(to *results) {
	to.groups = a.panes
	a.panes.each(func(r state.RowID) {
		pane := a.paneOf(r)
		to.add(r, a.grid.begin(pane), a.grid.begin(pane+1))
	})
}

// resize returns a slice of n elements in buf's memory, enlarged where it is too
// small. What it holds is unspecified.
func resize[T any](buf *[]T, n int) []T {
	if cap(*buf) < n {
		*buf = make([]T, n, 2*n)
	}
	*buf = (*buf)[:n]
	return *buf
}
