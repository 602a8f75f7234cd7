package state

// reindex makes row r, which a snapshot held or which has another place, one that is
// found by its key. REQUIRES: openOrder, in an Ordered table.
func (t *Table) reindex(r RowID) {
	if !t.spec.Multi {
		t.index.add(t.shortHash(r), r)
	}
}
