package statetest

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
)

// cursor is a place among the rows of a key, as the table has it and as the model.
type cursor struct {
	table  int
	hash   uint64
	key    []any
	bytes  state.Cursor
	sub    []any // its first columns
	serial int64 // of the row; 0: of none
	behind bool
}

// mostCursors bounds how many cursors are kept.
const mostCursors = 60

// checkKey holds the rows of the key in physical row i to the model, in order and
// back, and keeps the places of some of them. In a table whose order is within the
// first column of the sub-key, it does so for the rows that have its value.
func (d *driver) checkKey(s *subtask, table int, hash uint64, keys, sub []*record.Column, i int) {
	t, name := s.tables[table], tables[table].Name
	key := d.rowOf(table, keys, nil, i).key
	var within []any
	var from state.Cursor
	if tables[table].Within > 0 {
		at, ok := valueAt(sub[0], i).(int64)
		if !ok {
			return
		}
		within, from = []any{at}, state.FromInt64(nil, at)
	}
	want := d.ofKey(table, key, within)
	var got []string
	last := state.NoRow
	t.LoadKeys([]uint64{hash}, keys, []int32{int32(i)})
	for r := t.Seek(0, from); r != state.NoRow; r = t.Next(r) {
		got, last = append(got, d.read(t, r).String()), r
		if d.random.IntN(10) == 0 {
			d.keepCursor(t, table, hash, key, r)
		}
	}
	if diff := difference(got, drawn(want)); diff != "" {
		d.fatalf("%s: rows of key %v in order: %s", name, key, diff)
	}
	got = got[:0]
	for r := last; r != state.NoRow; r = t.Prev(r) {
		got = append(got, d.read(t, r).String())
	}
	slices.Reverse(got)
	if diff := difference(got, drawn(want)); diff != "" {
		d.fatalf("%s: rows of key %v going back: %s", name, key, diff)
	}
}

func drawn(rows []row) (lines []string) {
	for _, r := range rows {
		lines = append(lines, r.String())
	}
	return lines
}

// keepCursor keeps a place before or behind a row, or one of a sub-key alone.
func (d *driver) keepCursor(t *state.Table, table int, hash uint64, key []any, r state.RowID) {
	had := d.read(t, r)
	c := cursor{table: table, hash: hash, key: key, sub: had.sub, serial: serialOf(table, had), behind: d.random.IntN(2) == 0}
	sub := tables[table].Sub
	switch at, ok := d.value(record.Int64).(int64), len(sub) > 0 && sub[0].Type == record.Int64; {
	case ok && d.random.IntN(2) == 0:
		c.bytes, c.sub, c.serial, c.behind = state.FromInt64(nil, at), []any{at}, 0, false
	case c.behind:
		c.bytes = t.Behind(nil, r)
	default:
		c.bytes = t.Before(nil, r)
	}
	if d.model.cursors = append(d.model.cursors, c); len(d.model.cursors) > mostCursors {
		d.model.cursors = d.model.cursors[1:]
	}
}

// checkCursors holds what Seek finds from all places kept to the model.
func (d *driver) checkCursors() {
	for _, c := range d.model.cursors {
		keys := d.columnsOf(tables[c.table].Key, c.key)
		want := "no row"
		for _, r := range d.ofKey(c.table, c.key, c.sub[:tables[c.table].Within]) {
			if !c.isBehind(r) {
				want = r.String()
				break
			}
		}
		for _, s := range d.subtasks {
			if !s.backend.Range().Contains(c.hash) {
				continue
			}
			got, t := "no row", s.tables[c.table]
			t.LoadKeys([]uint64{c.hash}, keys, nil)
			if r := t.Seek(0, c.bytes); r != state.NoRow {
				got = d.read(t, r).String()
			}
			if got != want {
				d.fatalf("%s: from the place of sub-key %v, row %d, behind: %v, Seek finds\n  %s\nnot\n  %s",
					tables[c.table].Name, c.sub, c.serial, c.behind, got, want)
			}
		}
		release(keys)
	}
}

// isBehind reports whether the place is behind a row.
func (c cursor) isBehind(r row) bool {
	if order := compareSubs(c.table, r.sub[:len(c.sub)], c.sub); order != 0 {
		return order < 0
	}
	if serial := serialOf(c.table, r); c.serial != 0 && serial != c.serial {
		return serial < c.serial
	}
	return c.behind
}

// ofKey returns the rows of the model that have a key, and a sub-key that begins with
// some values, in order.
func (d *driver) ofKey(table int, key, within []any) (rows []row) {
	id := identity(key, nil)
	for _, r := range d.model.tables[table] {
		if identity(r.key, nil) == id && compareSubs(table, r.sub[:len(within)], within) == 0 {
			rows = append(rows, r)
		}
	}
	slices.SortFunc(rows, func(a, b row) int {
		return cmp.Or(compareSubs(table, a.sub, b.sub), cmp.Compare(serialOf(table, a), serialOf(table, b)))
	})
	return rows
}

// serialOf returns the last value of a row of a Multi table: later rows have greater
// ones.
func serialOf(table int, r row) int64 {
	if !tables[table].Multi {
		return 0
	}
	return r.values[len(r.values)-1].(int64)
}

// compareSubs compares sub-keys, or their first columns, in the order of a table.
func compareSubs(table int, a, b []any) int {
	for i := range a {
		if c := compareValues(a[i], b[i]); c != 0 {
			if tables[table].Ordered == state.Descending {
				return -c
			}
			return c
		}
	}
	return 0
}

// compareValues compares values of one type: nulls come last, and NaN before them.
func compareValues(a, b any) int {
	rank := func(v any) int {
		switch v {
		case nil:
			return 2
		case nan:
			return 1
		}
		return 0
	}
	if c := cmp.Compare(rank(a), rank(b)); c != 0 || rank(a) > 0 {
		return c
	}
	switch a := a.(type) {
	case string:
		return bytes.Compare([]byte(a), []byte(b.(string)))
	case float64:
		return cmp.Compare(a, b.(float64))
	case bool:
		return cmp.Compare(boolInt(a), boolInt(b.(bool)))
	case record.Decimal:
		return a.Compare(b.(record.Decimal))
	}
	return cmp.Compare(a.(int64), b.(int64))
}

func boolInt(v bool) int {
	if v {
		return 1
	}
	return 0
}

// columnsOf returns columns of one row of values.
func (d *driver) columnsOf(fields []record.Field, values []any) (columns []*record.Column) {
	for i, f := range fields {
		c := d.pool.NewColumn(f.Type, 1)
		appendTyped(c, values[i])
		columns = append(columns, c)
	}
	return columns
}
