package state

import (
	"fmt"
	"math"

	"github.com/weirstream/weir/runtime/record"
)

// This file is value columns by the batch: of any type, with nulls.

// AppendValues appends value column col of rows to a plain column of its type.
func (t *Table) AppendValues(col int, rows []RowID, to *record.Column) {
	t.checkType(col, to)
	t.mustHaveAll(rows)
	t.values[col].appendTo(to, rows)
}

// SetValues makes value k of a column, in any encoding, that of rows[k] in value
// column col. Of a row that stands several times the last value counts.
func (t *Table) SetValues(col int, rows []RowID, from *record.Column) {
	t.checkType(col, from)
	due := t.spec.Due == DueByValue(col)
	if due && from.HasNulls() {
		panic(fmt.Sprintf("state: a null in value column %q of table %q, by which its rows are due", t.spec.Values[col].Name, t.spec.Name))
	}
	for _, r := range rows {
		t.mustHave(r)
		t.touch(r)
	}
	plain := from.Gather(nil)
	t.set(&t.values[col], rows, plain)
	plain.Release()
	if due && t.due != nil {
		for _, r := range rows {
			t.due.list(r)
		}
	}
}

// set stores values of a plain column.
func (t *Table) set(c *column, rows []RowID, from *record.Column) {
	if c.heap != nil {
		t.setStrings(c, rows, from)
	} else {
		c.setWords(rows, from)
	}
	if c.hasNulls() || from.HasNulls() {
		for k, r := range rows {
			c.setNull(r, from.IsNull(k))
		}
	}
}

func (t *Table) checkType(col int, c *record.Column) {
	if f := t.spec.Values[col]; c.Type() != f.Type {
		panic(fmt.Sprintf("state: value column %q of table %q has type %s, not %s", f.Name, t.spec.Name, f.Type, c.Type()))
	}
}

// setStrings stores values of types that are kept in the heap.
func (t *Table) setStrings(c *column, rows []RowID, from *record.Column) {
	var spelled []byte
	for k, r := range rows {
		spelled = appendValue(spelled[:0], from, k)
		word := c.words.at(r)
		old := *word
		*word = c.heap.add(spelled)
		t.discard(c, old)
	}
}

// setWords stores values that are words.
func (c *column) setWords(rows []RowID, from *record.Column) {
	switch c.typ.Kind {
	case record.KindBool:
		for k, r := range rows {
			*c.words.at(r) = 0
			if record.BitAt(from.Bits(), k) {
				*c.words.at(r) = 1
			}
		}
	case record.KindInt32, record.KindDate:
		for k, v := range from.Int32s() {
			*c.words.at(rows[k]) = uint64(int64(v))
		}
	case record.KindFloat64:
		for k, v := range from.Float64s() {
			*c.words.at(rows[k]) = math.Float64bits(v)
		}
	default:
		for k, v := range from.Int64s() {
			*c.words.at(rows[k]) = uint64(v)
		}
	}
}
