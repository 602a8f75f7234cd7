package statetest

import (
	"slices"

	"github.com/weirstream/weir/state"
)

// deleteSome deletes random rows of a table, sometimes all of them.
func (d *driver) deleteSome(table int) {
	share := d.random.IntN(4) * d.random.IntN(30)
	if d.random.IntN(4) == 0 {
		share = 100
	}
	for _, s := range d.subtasks {
		t := s.tables[table]
		for r := t.Scan(0); r != state.NoRow; r = t.Scan(r + 1) {
			if d.random.IntN(100) < share {
				d.delete(s, table, r)
			}
		}
	}
}

func (d *driver) delete(s *subtask, table int, r state.RowID) {
	d.forget(table, d.read(s.tables[table], r))
	s.tables[table].Delete(r)
	s.deleted[table] = append(s.deleted[table], r)
}

// checkNew makes sure that rows that were made are none that were just deleted.
func (d *driver) checkNew(s *subtask, table int, made []state.RowID) {
	for _, r := range made {
		if slices.Contains(s.deleted[table], r) {
			d.fatalf("%s: row %d is given out before Release", tables[table].Name, r)
		}
	}
}

// forget takes a row out of the model, and returns what it was there.
func (d *driver) forget(table int, gone row) row {
	id := name(table, gone)
	was := d.model.tables[table][id]
	if was.String() != gone.String() {
		d.fatalf("%s: row %s is not in the model", tables[table].Name, gone)
	}
	delete(d.model.tables[table], id)
	return was
}
