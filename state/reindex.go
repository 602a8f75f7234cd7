package state

// reindex makes row r, which a snapshot held, one that is found.
func (t *Table) reindex(r RowID) {
	if t.spec.Multi {
		t.chain(r, t.firstLike(r))
	} else {
		t.index.add(t.shortHash(r), r)
	}
}
