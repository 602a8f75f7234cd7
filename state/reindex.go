package state

// reindex makes row r, which a snapshot held or which has another place, one that is
// found by its key. REQUIRES: openOrder, in an Ordered table.
func (t *Table) reindex(r RowID) {
	if t.spells {
		*t.shorts.at(uint32(r)) = shortHash(t.hash.get(r), t.hashOf(r, len(t.spec.Sub)))
	}
	if !t.spec.Multi {
		t.index.add(t.shortHash(r), r)
	}
}
