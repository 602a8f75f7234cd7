package state

import (
	"fmt"
	"slices"

	"github.com/weirstream/weir/runtime/record"
)

// Default is what rows that a checkpoint holds have in a value column that it does
// not. Rows that are made later begin with zero there, as in every column.
type Default struct {
	Column string
	Value  *record.Column // of one row, which stays the caller's
}

// Former is names that a value column may have in a checkpoint besides its own: what it held
// under them it goes on with.
type Former struct {
	Column string
	Names  []string
}

// evolve gives a restored table, which nobody has opened, another declaration: by
// name, value columns are added with their default, or else NULL, dropped, put in
// another order, and given a type that holds all their values. It may expire by another
// clock. Nothing else may change. The next checkpoint is a full one, for the columns of
// the table are numbered anew.
func (b *Backend) evolve(t *Table, to TableSpec) error {
	if err := t.canBecome(to); err != nil {
		return fmt.Errorf("state table %q %w", to.Name, err)
	}
	if t.cold != nil {
		if err := t.convert(to); err != nil {
			return err
		}
	}
	t.become(to)
	b.base, b.pending = nil, nil
	return nil
}

// become gives the rows in memory the columns of another declaration.
func (t *Table) become(to TableSpec) {
	was := t.values
	t.values = make([]column, len(to.Values))
	for i, f := range to.Values {
		if at := to.columnIn(t.spec.Values, f.Name); at >= 0 {
			t.values[i] = was[at]
			t.widen(&t.values[i], f.Type)
			continue
		}
		t.values[i] = newColumn(f.Type)
		t.values[i].grow(t.hash.len())
		t.fill(&t.values[i], to.defaultOf(f.Name))
	}
	t.expireBy(to.TTL.Clock)
	to.Key, to.Sub, to.Values, to.Defaults, to.Due = t.spec.Key, t.spec.Sub, slices.Clone(to.Values), nil, NeverDue
	to.Former = nil
	t.spec = to
	if t.guard != nil {
		t.checkRows()
	}
}

// fill gives all rows in memory of a column a value, or NULL where that is nil.
func (t *Table) fill(c *column, value *record.Column) {
	var plain *record.Column
	if value != nil {
		plain = value.Gather(nil)
		defer plain.Release()
	}
	for r := t.live.next(0); r != NoRow; r = t.live.next(r + 1) {
		if plain == nil {
			c.setNull(r, true)
		} else {
			t.set(c, []RowID{r}, plain)
		}
	}
}

// canBecome says what of a declaration stands in the way of an evolution.
func (t *Table) canBecome(to TableSpec) error {
	is := t.spec
	switch {
	case t.opened:
		return fmt.Errorf("is open as %s and cannot be opened as %s", is, to)
	case to.Version < is.Version:
		return fmt.Errorf("is of version %d in the checkpoint, and this job only knows version %d; run the newer weir, or start afresh",
			is.Version, to.Version)
	case is.Multi != to.Multi || is.Bucketed != to.Bucketed:
		return fmt.Errorf("is %s in the checkpoint, %s in this job, so that its rows are told apart in another way; %s", is, to, remedy)
	case !slices.Equal(is.Key, to.Key):
		return keyChange("key", is.Key, to.Key)
	case !slices.Equal(is.Sub, to.Sub):
		return keyChange("sub-key", is.Sub, to.Sub)
	}
	for i, f := range to.Values {
		at := to.columnIn(is.Values, f.Name)
		switch {
		case at >= 0 && !holdsAll(f.Type, is.Values[at].Type):
			return fmt.Errorf("has value column %q of type %s in the checkpoint, of type %s in this job, which does not hold all of its values; %s",
				f.Name, is.Values[at].Type, f.Type, remedy)
		case at < 0 && to.Due == DueByValue(i) && (t.count > 0 || t.cold != nil && !t.cold.isEmpty()):
			return fmt.Errorf("has no value column %q in the checkpoint, by which its rows are due in this job; %s", f.Name, remedy)
		}
	}
	return nil
}

// remedy is what there is to do about a change that state cannot follow.
const remedy = "undo the change, start afresh, or give the step another id"

// keyChange names the first column of key or sub-key that differs.
func keyChange(of string, was, is []record.Field) error {
	for i := range max(len(was), len(is)) {
		switch {
		case i >= len(is):
			return fmt.Errorf("has %s column %q in the checkpoint, which this job lacks; %s", of, was[i].Name, remedy)
		case i >= len(was):
			return fmt.Errorf("has no %s column %q in the checkpoint, as it has in this job; %s", of, is[i].Name, remedy)
		case was[i] != is[i]:
			return fmt.Errorf("has %s column %q of type %s in the checkpoint, %q of type %s in its place in this job; %s",
				of, was[i].Name, was[i].Type, is[i].Name, is[i].Type, remedy)
		}
	}
	panic("state: keys that are equal have changed")
}

func indexOf(fields []record.Field, name string) int {
	return slices.IndexFunc(fields, func(f record.Field) bool { return f.Name == name })
}

// columnIn returns where a value column is among those of a checkpoint, under its own name or
// else a former one; -1 is nowhere.
func (s TableSpec) columnIn(fields []record.Field, name string) int {
	if at := indexOf(fields, name); at >= 0 {
		return at
	}
	for _, f := range s.Former {
		if f.Column != name {
			continue
		}
		for _, former := range f.Names {
			if at := indexOf(fields, former); at >= 0 {
				return at
			}
		}
	}
	return -1
}

// checkDefaults reports what is wrong with defaults, and with the names of the value
// columns, by which they are found again.
func (s TableSpec) checkDefaults() error {
	types := map[string]record.Type{}
	for _, f := range s.Values {
		if _, twice := types[f.Name]; twice {
			return fmt.Errorf("state table %q has two value columns %q", s.Name, f.Name)
		}
		types[f.Name] = f.Type
	}
	for _, d := range s.Defaults {
		if d.Value.Len() != 1 || d.Value.Type() != types[d.Column] {
			return fmt.Errorf("state table %q: the default of value column %q is %d values of type %s, not one of type %s",
				s.Name, d.Column, d.Value.Len(), d.Value.Type(), types[d.Column])
		}
	}
	return nil
}

// defaultOf returns the default of a column, or nil.
func (s TableSpec) defaultOf(column string) *record.Column {
	for _, d := range s.Defaults {
		if d.Column == column {
			return d.Value
		}
	}
	return nil
}

// DropUnopened drops the tables that were restored and that nobody has opened since:
// what a job keeps no longer.
func (b *Backend) DropUnopened() {
	kept := slices.DeleteFunc(b.tables, func(t *Table) bool {
		if !t.opened && t.cold != nil {
			t.cold.close()
		}
		return !t.opened
	})
	if len(kept) < len(b.tables) {
		b.base, b.pending = nil, nil // tables are numbered anew
	}
	b.tables = kept
}
