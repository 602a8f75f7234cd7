package statetest

import (
	"slices"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state"
)

// extras is value columns that tables are given on the way, and lose again.
var extras = []record.Field{
	{Name: "new int", Type: record.Int64}, {Name: "new text", Type: record.String}, {Name: "new price", Type: price},
	{Name: "new float", Type: record.Float64}, {Name: "new bool", Type: record.Bool}, {Name: "new day", Type: record.Date},
	{Name: "new list", Type: record.ListOf(record.String)}, {Name: "new struct", Type: mixed},
	{Name: "new lists", Type: record.ListOf(record.ListOf(mixed))},
}

var mixed, _ = record.StructOf(
	record.Field{Name: "n", Type: record.Int32}, record.Field{Name: "f", Type: record.Float64}, record.Field{Name: "b", Type: record.Bytes},
	record.Field{Name: "p", Type: price}, record.Field{Name: "l", Type: record.ListOf(record.Timestamp)},
)

// evolve gives some tables other value columns, and another TTL. The columns of rows that there are have
// their default then, or are null. The caller releases the defaults.
func (d *driver) evolve(m *model) (defaults []*record.Column) {
	for i := range m.specs {
		m.specs[i].Defaults = nil
		if d.random.IntN(3) > 0 {
			continue
		}
		was := m.specs[i]
		is := was
		is.Version += d.random.IntN(2)
		is.Values = d.otherColumns(was)
		for at, f := range is.Values {
			if old := named(was.Values, f.Name); old >= 0 {
				if was.Due == state.DueByValue(old) {
					is.Due = state.DueByValue(at)
				}
			} else if d.random.IntN(3) == 0 {
				c := d.bareColumn(f.Type, 1)
				defaults = append(defaults, c)
				is.Defaults = append(is.Defaults, state.Default{Column: f.Name, Value: c})
			}
		}
		for id, r := range m.tables[i] {
			r.values = become(r.values, was, is)
			m.tables[i][id] = r
		}
		m.specs[i] = is
		m.changeTTL(i, d.otherTTL(was.TTL))
	}
	return defaults
}

// otherColumns returns some of the value columns of a table and some new ones, in any
// order. That by which rows are due stays, and
// that which tells rows apart.
func (d *driver) otherColumns(was state.TableSpec) (fields []record.Field) {
	for i, f := range was.Values {
		if f != serial && (was.Due == state.DueByValue(i) || d.random.IntN(5) > 0) {
			fields = append(fields, d.wider(f))
		}
	}
	for _, f := range extras {
		if !slices.Contains(was.Values, f) && d.random.IntN(4) == 0 {
			fields = append(fields, f)
		}
	}
	d.random.Shuffle(len(fields), func(i, j int) { fields[i], fields[j] = fields[j], fields[i] })
	if was.Multi {
		fields = append(fields, serial)
	}
	return fields
}

// named returns which field has a name, or -1.
func named(fields []record.Field, name string) int {
	return slices.IndexFunc(fields, func(f record.Field) bool { return f.Name == name })
}

// wider now and then gives a field a type that holds all its values.
func (d *driver) wider(f record.Field) record.Field {
	if f.Type == record.Int32 && d.random.IntN(3) == 0 {
		f.Type = []record.Type{record.Int64, record.Float64}[d.random.IntN(2)]
	}
	return f
}

// widened returns a value of one type as that of a wider one.
func widened(value any, from, to record.Type) any {
	if n, ok := value.(int64); ok && from == record.Int32 && to == record.Float64 {
		return float64(n)
	}
	return value
}

// become returns the values of a row under another declaration.
func become(values []any, was, is state.TableSpec) []any {
	now := make([]any, len(is.Values))
	for at, f := range is.Values {
		if old := named(was.Values, f.Name); old >= 0 {
			now[at] = widened(values[old], was.Values[old].Type, f.Type)
		}
		for _, def := range is.Defaults {
			if def.Column == f.Name {
				now[at] = exactAt(def.Value, 0)
			}
		}
	}
	return now
}

// store writes random values to a column of some rows at once.
func (d *driver) store(table int) {
	spec := d.model.specs[table]
	if len(spec.Values) == 0 {
		return
	}
	col := d.random.IntN(len(spec.Values))
	if spec.Values[col] == serial {
		return
	}
	for _, s := range d.subtasks {
		t := s.tables[table]
		var rows []state.RowID
		for r := t.Scan(0); r != state.NoRow && len(rows) < 50; r = t.Scan(r + 1) {
			if d.random.IntN(3) == 0 {
				rows = append(rows, r)
			}
		}
		if len(rows) == 0 {
			continue
		}
		values := d.columnOf(spec, col, len(rows))
		var become []row
		for k, r := range rows {
			had := d.read(t, r)
			had.until = d.forget(table, had).until
			had.values = slices.Clone(had.values)
			had.values[col] = exactAt(values, k)
			become = append(become, had)
		}
		t.SetValues(col, rows, values)
		values.Release()
		for _, r := range become {
			d.model.put(table, r)
		}
	}
}

// columnOf returns random values for a value column; times by which rows are due are
// not null.
func (d *driver) columnOf(spec state.TableSpec, col, n int) *record.Column {
	if spec.Due != state.DueByValue(col) {
		return d.column(spec.Values[col].Type, n)
	}
	c := d.pool.NewColumn(spec.Values[col].Type, n)
	for range n {
		d.append(c, false)
	}
	return c
}
