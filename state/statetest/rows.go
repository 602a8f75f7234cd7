package statetest

import (
	"slices"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
	"github.com/weirstream/weir/state/keyrange"
)

// add upserts or inserts a batch of random keys, spread over the subtasks by
// their hashes, and changes the values of the rows it got.
func (d *driver) add(table int) {
	n := d.random.IntN(300)
	if d.random.IntN(3) == 0 {
		n = d.random.IntN(4)
	}
	keys := make([]*record.Column, len(tables[table].Key))
	for j, f := range tables[table].Key {
		keys[j] = d.column(f.Type, n)
		defer keys[j].Release()
	}
	sub := d.subs(table, n)
	defer release(sub)
	hashes := d.hash(keys, n)
	for _, s := range d.subtasks {
		var sel []int32
		var own []uint64
		for i, h := range hashes {
			if s.backend.Range().Contains(h) {
				sel, own = append(sel, int32(i)), append(own, h)
			}
		}
		if len(sel) == n && d.random.IntN(2) == 0 {
			sel = nil
		}
		if tables[table].Multi {
			d.insert(s, table, own, keys, sub, sel)
		} else {
			d.upsert(s, table, own, keys, sub, sel)
		}
	}
}

// subs returns random sub-keys, of few values as a rule, so that they meet again.
func (d *driver) subs(table, n int) (sub []*record.Column) {
	keys := d.keys
	d.keys = min(keys, []int{4, 4, 60}[d.random.IntN(3)]) // 60: texts of one beginning
	for _, f := range tables[table].Sub {
		sub = append(sub, d.column(f.Type, n))
	}
	d.keys = keys
	return sub
}

func release(columns []*record.Column) {
	for _, c := range columns {
		c.Release()
	}
}

func (d *driver) hash(keys []*record.Column, n int) []uint64 {
	hashes := keyrange.Hash(nil, keys, nil, n)
	for i := range hashes {
		if d.colliding {
			hashes[i] &= 7 << 61 // with which a key range begins
			if d.seed%2 == 0 {
				hashes[i] |= 1<<61 - 1 // or ends
			}
		}
	}
	return hashes
}

func (d *driver) upsert(s *subtask, table int, hashes []uint64, keys, sub []*record.Column, sel []int32) {
	t, spec := s.tables[table], tables[table]
	rows := make([]state.RowID, len(hashes))
	before := d.find(t, hashes, keys, sub, sel)
	made := t.Upsert(hashes, keys, sub, sel, rows, nil)
	after := d.find(t, hashes, keys, sub, sel)
	d.checkNew(s, table, made)
	all := slices.Clone(made)
	for k, r := range rows {
		i := position(sel, k)
		want := d.rowOf(table, keys, sub, i)
		want.hash = hashes[k]
		id := identity(want.key, want.sub)
		had, known := d.model.tables[table][id]
		found := r
		if slices.Contains(all, r) {
			found = state.NoRow
		}
		if before[k] != found || after[k] != r {
			d.fatalf("%s: key %s has row %d, but Find gave %d before and %d behind", spec.Name, id, r, before[k], after[k])
		}
		if at := slices.Index(made, r); known == (at >= 0) {
			d.fatalf("%s: key %s is known: %v, made: %v", spec.Name, id, known, at >= 0)
		} else if !known {
			made = slices.Delete(made, at, at+1) // the row's next time finds it
			had = want
		}
		if !known || !d.model.specs[table].TTL.FromMade {
			had.until = d.model.until(table, had.hash)
		}
		if t.Hash(r) != hashes[k] {
			d.fatalf("%s: row %d has hash %x, not %x", spec.Name, r, t.Hash(r), hashes[k])
		}
		d.check(t, r, had)
		d.model.tables[table][id] = d.change(t, r, had)
	}
	if len(made) > 0 {
		d.fatalf("%s: rows %d were made for no key", spec.Name, made)
	}
	for k := 0; spec.Ordered != state.Unordered && k < len(rows); k += 1 + d.random.IntN(100) {
		d.checkKey(s, table, hashes[k], keys, sub, position(sel, k))
	}
	if hasClusters(spec) {
		d.checkClusters(s, table, hashes, keys, sub, sel)
	}
}

// find returns what Find gives for a batch.
func (d *driver) find(t *state.Table, hashes []uint64, keys, sub []*record.Column, sel []int32) []state.RowID {
	rows := make([]state.RowID, len(hashes))
	t.Find(hashes, keys, sub, sel, rows)
	return rows
}

func (d *driver) insert(s *subtask, table int, hashes []uint64, keys, sub []*record.Column, sel []int32) {
	t, n := s.tables[table], min(len(hashes), 20)
	hashes = hashes[:n]
	if sel != nil {
		sel = sel[:n]
	}
	for k := d.random.IntN(4); k < n; k += 1 + d.random.IntN(8) {
		d.checkKey(s, table, hashes[k], keys, sub, position(sel, k))
	}
	rows := make([]state.RowID, n)
	t.Insert(hashes, keys, sub, sel, rows)
	d.checkNew(s, table, rows)
	defer d.checkClusters(s, table, hashes, keys, sub, sel)
	for k, r := range rows {
		want := d.rowOf(table, keys, sub, position(sel, k))
		want.hash, want.until = hashes[k], d.model.until(table, hashes[k])
		d.check(t, r, want)
		d.model.serial++
		last := len(want.values) - 1
		want.values[last], *t.Int64(last).Ptr(r) = d.model.serial, d.model.serial
		if d.random.IntN(2) == 0 {
			want.sub = d.moveSub(t, r, want.sub)
		}
		d.model.put(table, d.change(t, r, want))
	}
}

// moveSub changes the first column of a sub-key, if it may change, and returns what
// the sub-key now is.
func (d *driver) moveSub(t *state.Table, r state.RowID, had []any) []any {
	if sub := t.Spec().Sub; len(sub) == 0 || sub[0].Type != record.Int64 && sub[0].Type != record.Timestamp {
		return had
	}
	at := d.value(record.Int64).(int64)
	t.SetSub(r, at)
	return append([]any{at}, had[1:]...)
}

func position(sel []int32, k int) int {
	if sel == nil {
		return k
	}
	return int(sel[k])
}

// rowOf returns the row that a new key gets.
func (d *driver) rowOf(table int, keys, sub []*record.Column, i int) row {
	r := row{key: []any{}, sub: []any{}, values: []any{}}
	for _, key := range keys {
		r.key = append(r.key, valueAt(key, i))
	}
	for _, c := range sub {
		r.sub = append(r.sub, valueAt(c, i))
	}
	for _, f := range d.model.specs[table].Values {
		r.values = append(r.values, zero(f.Type))
	}
	return r
}

// compare checks that all tables have the rows of the model, each in the subtask
// that owns its hash.
func (d *driver) compare() {
	d.checkCursors()
	d.checkAllClusters()
	for i := range tables {
		lines := []string{}
		for _, s := range d.subtasks {
			t, n := s.tables[i], 0
			for r := t.Scan(0); r != state.NoRow; r = t.Scan(r + 1) {
				if !s.backend.Range().Contains(t.Hash(r)) {
					d.fatalf("%s: row %d of hash %x does not belong here", tables[i].Name, r, t.Hash(r))
				}
				lines = append(lines, d.read(t, r).String())
				n++
			}
			d.checkLen(i, t, n)
		}
		slices.Sort(lines)
		if diff := difference(lines, d.model.lines(i)); diff != "" {
			d.fatalf("%s: %s", tables[i].Name, diff)
		}
	}
}

func (d *driver) check(t *state.Table, r state.RowID, want row) {
	if got := d.read(t, r).String(); got != want.String() {
		d.fatalf("%s: row %d is\n  %s\nnot\n  %s", t.Spec().Name, r, got, want)
	}
}

// read returns a row of a table.
func (d *driver) read(t *state.Table, r state.RowID) row {
	got := row{values: []any{}, hash: t.Hash(r)}
	got.key = d.readColumns(t.Spec().Key, t.AppendKeys, r)
	got.sub = d.readColumns(t.Spec().Sub, t.AppendSubs, r)
	for i, f := range t.Spec().Values {
		if r%8 == 0 || f.Type.IsNested() {
			got.values = append(got.values, d.appended(t, i, f.Type, r))
		} else {
			got.values = append(got.values, get(t, i, f.Type, r))
		}
	}
	return got
}

func (d *driver) readColumns(fields []record.Field, appendTo func([]*record.Column, []state.RowID), r state.RowID) []any {
	values, to := []any{}, []*record.Column{}
	for _, f := range fields {
		to = append(to, d.pool.NewColumn(f.Type, 0))
	}
	appendTo(to, []state.RowID{r})
	for _, c := range to {
		values = append(values, valueAt(c, 0))
	}
	release(to)
	return values
}

// appended reads a value as a batch of one.
func (d *driver) appended(t *state.Table, col int, typ record.Type, r state.RowID) any {
	c := d.pool.NewColumn(typ, 0)
	defer c.Release()
	t.AppendValues(col, []state.RowID{r}, c)
	return exactAt(c, 0)
}

func get(t *state.Table, col int, typ record.Type, r state.RowID) any {
	if t.Nulls(col).Get(r) {
		return nil
	}
	switch typ.Kind {
	case record.KindFloat64:
		return t.Float64(col).Get(r)
	case record.KindString, record.KindBytes:
		return string(t.String(col).Get(r))
	case record.KindDecimal:
		return t.Decimal(col).Get(r)
	case record.KindBool:
		return t.Int64(col).Get(r) != 0
	}
	return t.Int64(col).Get(r)
}

// change changes some values of a row and returns what it now is.
func (d *driver) change(t *state.Table, r state.RowID, had row) row {
	had.values = slices.Clone(had.values)
	for i, f := range t.Spec().Values {
		due := t.Spec().Due == state.DueByValue(i)
		if f == serial || !due && d.random.IntN(3) == 0 {
			continue
		}
		if f.Type.IsNested() || d.random.IntN(8) == 0 {
			had.values[i] = d.setOne(t, i, r)
			continue
		}
		v := d.value(f.Type)
		had.values[i] = v
		t.Nulls(i).Set(r, false)
		if due {
			t.SetDue(r, v.(int64))
			continue
		}
		set(t, i, f.Type, r, v)
	}
	return had
}

func set(t *state.Table, col int, typ record.Type, r state.RowID, v any) {
	switch typ.Kind {
	case record.KindFloat64:
		*t.Float64(col).Ptr(r) = v.(float64)
	case record.KindString, record.KindBytes:
		t.String(col).Set(r, []byte(v.(string)))
	case record.KindDecimal:
		t.Decimal(col).Set(r, v.(record.Decimal))
	case record.KindBool:
		*t.Int64(col).Ptr(r) = 0
		if v.(bool) {
			*t.Int64(col).Ptr(r) = 1
		}
	default:
		*t.Int64(col).Ptr(r) = v.(int64)
	}
}

// setOne makes a value null, or stores one as a batch, and returns it.
func (d *driver) setOne(t *state.Table, col int, r state.RowID) any {
	if d.random.IntN(2) == 0 && t.Spec().Due != state.DueByValue(col) {
		t.Nulls(col).Set(r, true)
		return nil
	}
	c := d.columnOf(t.Spec(), col, 1)
	defer c.Release()
	t.SetValues(col, []state.RowID{r}, c)
	return exactAt(c, 0)
}

func zero(t record.Type) any {
	if t.IsNested() {
		c := record.NewPool().NewColumn(t, 1)
		c.AppendZero()
		return exactAt(c, 0)
	}
	switch t.Kind {
	case record.KindFloat64:
		return 0.0
	case record.KindString, record.KindBytes:
		return ""
	case record.KindDecimal:
		return record.Decimal{}
	case record.KindBool:
		return false
	}
	return int64(0)
}
