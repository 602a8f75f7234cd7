package record

// Copy returns a plain column of the same rows that nobody else holds: one that may be
// changed. The caller owns it.
func (c *Column) Copy() *Column {
	out := c.pool.NewColumn(c.typ, c.rows)
	out.AppendRows(c, nil)
	return out
}

// RowKind returns what a row of a changelog does.
func (b *Batch) RowKind(row int32) RowKind {
	if b.RowKinds == nil {
		return Insert
	}
	return b.RowKinds.RowKinds()[b.RowKinds.ValueIndex(int(row))]
}

// IsUpdate reports whether two rows that stand side by side are an update: one that is
// withdrawn, and what replaces it.
func (b *Batch) IsUpdate(before, after int32) bool {
	return b.RowKind(before) == UpdateBefore && b.RowKind(after) == UpdateAfter
}
