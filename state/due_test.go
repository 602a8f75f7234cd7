package state_test

import (
	"math"
	"slices"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/trial"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// TestDue holds the times of many rows to a map, whatever rows come, go and get
// other times between two calls, and in the middle of moving them.
func TestDue(t *testing.T) { trial.Run(t, 40, checkDue) }

type dueTable struct {
	*trial.Case
	backend *state.Backend
	table   *state.Table
	times   map[state.RowID]int64
	rows    []state.RowID // some of them may be gone
	next    int
	draw    func() int64
}

func checkDue(c *trial.Case) {
	r := c.Random
	backend := state.NewBackend(keyrange.All)
	table, err := backend.Table(state.TableSpec{
		Name: "due", Key: []record.Field{{Name: "n", Type: record.Int64}},
		Values: []record.Field{{Name: "at", Type: record.Int64}}, Due: state.DueByValue(0)})
	if err != nil {
		c.Fatal(err)
	}
	now, width := int64(0), int64(1)<<r.IntN(40)
	draws := []func() int64{
		func() int64 { return now + r.Int64N(width) },
		func() int64 { return now + (r.Int64N(width) &^ 1023) },
		func() int64 { return now - 50 + r.Int64N(100) },
		func() int64 { return []int64{math.MinInt64, -1, 0, 1, math.MaxInt64, now}[r.IntN(6)] },
	}
	d := &dueTable{c, backend, table, map[state.RowID]int64{}, nil, 0, nil}
	for range 150 {
		d.draw = draws[min(r.IntN(6), len(draws)-1)]
		if r.IntN(2) == 0 {
			backend.Release()
		}
		switch r.IntN(6) {
		case 0, 1:
			d.make(1 << r.IntN(12))
		case 2:
			d.some(func(row state.RowID) { d.table.Delete(row); delete(d.times, row) })
		case 3:
			d.some(d.set)
		default:
			d.take(now + r.Int64N(width) - width/4)
			now += r.Int64N(width) / 4
		}
	}
	d.take(math.MaxInt64)
	for calls := 0; len(d.times) > 0; calls++ {
		if calls > 10_000 {
			c.Fatalf("%d rows are never due", len(d.times))
		}
		d.drop(d.due(math.MaxInt64, 1+r.IntN(500)))
	}
}

func (d *dueTable) set(r state.RowID) {
	d.times[r] = d.draw()
	d.table.SetDue(r, d.times[r])
}

func (d *dueTable) make(n int) {
	_, made := upsert(d.table, d.next, n)
	d.next += n
	for _, r := range made {
		d.set(r)
	}
	d.rows = append(d.rows, made...)
}

// some calls f for some rows.
func (d *dueTable) some(f func(state.RowID)) {
	d.rows = slices.DeleteFunc(d.rows, func(r state.RowID) bool { _, ok := d.times[r]; return !ok })
	slices.Sort(d.rows)
	d.rows = slices.Compact(d.rows)
	share := d.Random.IntN(40)
	for _, r := range d.rows {
		if d.Random.IntN(100) < share {
			f(r)
		}
	}
}

// take takes out what is due, in several calls, between which times may change.
func (d *dueTable) take(until int64) {
	for calls := range 400 {
		rows := d.due(until, d.Random.IntN(300))
		if rows == nil {
			return
		}
		if d.Random.IntN(20) > 0 {
			d.drop(rows)
		}
		switch {
		case d.Random.IntN(200) == 0:
			d.some(d.set)
		case d.Random.IntN(8) == 0:
			d.make(1 + d.Random.IntN(3))
		case calls > 20 && d.Random.IntN(50) == 0:
			return
		}
	}
}

func (d *dueTable) drop(rows []state.RowID) {
	for _, r := range rows {
		d.table.Delete(r)
		delete(d.times, r)
	}
}

// due returns what Due does, held to the map; nil where nothing more is due.
func (d *dueTable) due(until int64, most int) []state.RowID {
	rows, more := d.table.Due(until, most, []state.RowID{})
	last := int64(math.MinInt64)
	seen := map[state.RowID]bool{}
	for _, r := range rows {
		at, ok := d.times[r]
		if !ok || at > until || at < last || seen[r] {
			d.Fatalf("row %d, due at %d (%v), comes up at %d behind %d", r, at, ok, until, last)
		}
		seen[r], last = true, at
	}
	left := 0
	for r, at := range d.times {
		if seen[r] || at > until {
			continue
		}
		left++
		if len(rows) > 0 && at < last || !more {
			d.Fatalf("row %d, due at %d, has not come up at %d, with %d others up to %d (more: %v)", r, at, until, len(rows), last, more)
		}
	}
	if len(rows) > most {
		d.Fatalf("%d rows instead of %d", len(rows), most)
	}
	if len(rows) == 0 && !more {
		return nil
	}
	return rows
}

// A table has one time that its rows are due by.
func TestDueIsDeclaredOnce(t *testing.T) {
	b, spec := state.NewBackend(keyrange.All), countSpec
	spec.Due = state.DueByValue(0)
	open(t, b, spec)
	open(t, b, spec)
	spec.Due = state.NeverDue
	if _, err := b.Table(spec); err == nil {
		t.Error("a table is open with two declarations")
	}
	spec.Name, spec.Due = "text", state.DueByValue(1)
	if _, err := b.Table(spec); err == nil {
		t.Error("rows are due by a text")
	}
}

// Due comes forward where few rows of many are due, also if every call gives all rows
// other places.
func TestDueOfCheckedRows(t *testing.T) {
	backend := state.NewBackend(keyrange.All)
	backend.CheckRows()
	table := open(t, backend, state.TableSpec{Name: "timers", Key: countSpec.Key, Values: []record.Field{{Name: "at", Type: record.Int64}},
		Due: state.DueByValue(0)})
	const rows = 2000
	made, _ := upsert(table, 0, rows)
	for i, r := range made {
		table.SetDue(r, int64(100-i/(rows-1))) // the last one a little before the others
	}
	backend.Release()
	for calls := range 50 {
		due, _ := table.Due(99, 1, nil)
		backend.Release()
		if len(due) == 1 {
			return
		}
		if calls == 49 {
			t.Error("a row that is due has not come up in 50 calls")
		}
	}
}

// Rows that are due now and then, and never in between, leave no more behind than a few
// entries each.
func TestRowsThatComeAndGoAreBounded(t *testing.T) {
	backend := state.NewBackend(keyrange.All)
	table, err := backend.Table(state.TableSpec{
		Name: "due", Key: []record.Field{{Name: "n", Type: record.Int64}},
		Values: []record.Field{{Name: "at", Type: record.Int64}}, Due: state.DueByValue(0)})
	if err != nil {
		t.Fatal(err)
	}
	rows, _ := upsert(table, 0, 50)
	rows = slices.Clone(rows)
	for _, r := range rows {
		table.SetDue(r, math.MaxInt64)
	}
	var due []state.RowID
	for at := range int64(10_000) {
		for _, r := range rows[at%5*10:][:10] {
			table.SetDue(r, at)
		}
		if due, _ = table.Due(math.MaxInt64-1, 100, due[:0]); len(due) != 10 {
			t.Fatalf("at %d so many rows are due: %d", at, len(due))
		}
		for _, r := range due {
			table.SetDue(r, math.MaxInt64)
		}
		backend.Release()
	}
	if n := backend.Bytes(); n > 50_000 {
		t.Errorf("50 rows take %d bytes", n)
	}
}
