package state

// SetAside has [Table.Due] pass over rows that have come up, until they are given a time
// or TakeBack is called: so that whoever has some rows of a time wait does not find them
// in front of the others again and again. No snapshot knows of it.
func (t *Table) SetAside(rows []RowID) {
	d := t.timed()
	t.mustHaveAll(rows)
	if len(rows) == 0 {
		return
	}
	t.sink() // rows that are in no index yet would be listed behind this
	for _, r := range rows {
		d.forget(r)
	}
	d.aside = true
}

// TakeBack has the rows that were set aside come up again. It lists all rows of memory by
// their times, as a restore does.
func (t *Table) TakeBack() {
	if t.timed().aside {
		t.sink()
		t.openDue(t.spec.Due)
	}
}
