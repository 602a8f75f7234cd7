package state

// reindex derives what no snapshot holds: index, links and free rows.
func (t *Table) reindex() {
	t.index = newIndex(t.count)
	if t.spec.Multi {
		t.growLinks(t.hash.len())
	}
	for r := int64(t.limit) - 1; r >= 0; r-- { // downwards, so that the lowest row is used first
		if !t.live.bit(RowID(r)) {
			t.free = append(t.free, RowID(r))
		}
	}
	for r := t.Scan(0); r != NoRow; r = t.Scan(r + 1) {
		if t.spec.Multi {
			t.chain(r, t.firstLike(r))
		} else {
			t.index.add(t.shortHash(r), r)
		}
	}
}
