package state

// Nulls is which values of a value column are null. It stays valid as the table
// grows. Nulls and values are set apart: a value that is written leaves the null
// of its row, and what lies beneath a null is unspecified. Rows that were just made
// have none.
type Nulls struct {
	t *Table
	c *column
}

// Nulls returns the nulls of value column col.
func (t *Table) Nulls(col int) Nulls { return Nulls{t, &t.values[col]} }

// Any reports whether the column may have a null. Where it says no, which costs
// nothing, rows need not be asked one by one.
func (n Nulls) Any() bool { return n.c.hasNulls() }

// Get reports whether the value of row r is null.
func (n Nulls) Get(r RowID) bool { return n.c.isNull(r) }

// Set says whether the value of row r is null.
func (n Nulls) Set(r RowID, null bool) {
	n.t.mustHave(r)
	if n.c.isNull(r) != null {
		n.t.touch(r)
		n.c.setNull(r, null)
	}
}
