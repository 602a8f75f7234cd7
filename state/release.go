package state

// Release ends a call of the operator: no [RowID] that it has counts any more, and
// the rows that were deleted during the call may be given out again. Some of those that
// have expired are dropped.
func (b *Backend) Release() {
	for _, t := range b.tables {
		t.release()
	}
	b.relieve()
}

func (t *Table) release() {
	t.sink()
	t.dropExpired()
	if len(t.frozen) > 0 {
		t.prune() // though no row changes
	}
	if len(t.deleted) > 0 {
		t.free = append(t.free, t.deleted...)
		t.deleted = t.deleted[:0]
	}
	if t.guard != nil {
		t.guard.moveRows()
	}
}
