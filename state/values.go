package state

import (
	"encoding/binary"
	"fmt"
	"math"
	"unsafe"

	"github.com/weirstream/weir/runtime/record"
)

// Int64s is a value column of integers: Int64, Int32, Timestamp or Date, or Bool
// as 0 and 1. It stays valid as the table grows.
type Int64s struct {
	t *Table
	w *words
}

// Int64 returns value column col, which must be of one of the types of [Int64s].
func (t *Table) Int64(col int) Int64s {
	return Int64s{t, &t.value(col, record.KindInt64, record.KindTimestamp, record.KindInt32, record.KindDate, record.KindBool).words}
}

// Get returns the value of row r.
func (c Int64s) Get(r RowID) int64 {
	if c.w.guard != nil {
		c.w.mustHave(r)
	}
	return int64(c.w.pages[r>>pageShift][r&pageMask]) // words.get, which would not be inlined in here
}

// Ptr returns the value of row r for writing; it is valid until the next call on
// the table. The row counts as changed.
func (c Int64s) Ptr(r RowID) *int64 {
	c.t.touch(r)
	return (*int64)(unsafe.Pointer(c.w.at(r)))
}

// Float64s is a Float64 value column. It stays valid as the table grows.
type Float64s struct {
	t *Table
	w *words
}

// Float64 returns value column col, which must be of type Float64.
func (t *Table) Float64(col int) Float64s {
	return Float64s{t, &t.value(col, record.KindFloat64).words}
}

// Get returns the value of row r.
func (c Float64s) Get(r RowID) float64 {
	if c.w.guard != nil {
		c.w.mustHave(r)
	}
	return *(*float64)(unsafe.Pointer(&c.w.pages[r>>pageShift][r&pageMask]))
}

// Ptr returns the value of row r for writing, as [Int64s.Ptr] does.
func (c Float64s) Ptr(r RowID) *float64 {
	c.t.touch(r)
	return (*float64)(unsafe.Pointer(c.w.at(r)))
}

// Strings is a String or Bytes value column. It stays valid as the table grows.
type Strings struct {
	t *Table
	c *column
}

// String returns value column col, which must be of type String or Bytes.
func (t *Table) String(col int) Strings {
	return Strings{t, t.value(col, record.KindString, record.KindBytes)}
}

// Get returns the value of row r, a view that is valid until the next change of
// the table.
func (s Strings) Get(r RowID) []byte {
	s.t.mustHave(r)
	return s.c.text(r)
}

// Set makes a copy of v the value of row r. v may be a view that Get returned.
// It panics if v is longer than a column can hold ([record.MaxStringBytes]).
func (s Strings) Set(r RowID, v []byte) {
	s.t.mustHave(r)
	s.t.touch(r)
	word := s.c.words.at(r)
	old := *word
	*word = s.c.heap.add(v)
	s.t.discard(s.c, old)
}

// Decimals is a decimal value column. It stays valid as the table grows.
type Decimals struct{ s Strings }

// Decimal returns value column col, which must be a decimal.
func (t *Table) Decimal(col int) Decimals {
	return Decimals{Strings{t, t.value(col, record.KindDecimal)}}
}

// Get returns the value of row r.
func (d Decimals) Get(r RowID) record.Decimal { return decimalOf(d.s.Get(r)) }

// Set makes v the value of row r.
func (d Decimals) Set(r RowID, v record.Decimal) {
	var spelled [16]byte
	d.s.Set(r, appendDecimal(spelled[:0], v))
}

func appendDecimal(to []byte, v record.Decimal) []byte {
	to = binary.LittleEndian.AppendUint64(to, v.Lo)
	return binary.LittleEndian.AppendUint64(to, uint64(v.Hi))
}

// decimalOf is the inverse of appendDecimal; nothing, as in a row that was just
// made, is 0.
func decimalOf(spelled []byte) record.Decimal {
	if len(spelled) < 16 {
		return record.Decimal{}
	}
	return record.Decimal{Lo: binary.LittleEndian.Uint64(spelled), Hi: int64(binary.LittleEndian.Uint64(spelled[8:]))}
}

func (t *Table) value(col int, kinds ...record.Kind) *column {
	c := &t.values[col]
	for _, k := range kinds {
		if c.typ.Kind == k {
			return c
		}
	}
	panic(fmt.Sprintf("state: value column %q of table %q has type %s", t.spec.Values[col].Name, t.spec.Name, c.typ))
}

// appendTo appends the values of rows to a plain column of the same type.
func (c *column) appendTo(to *record.Column, rows []RowID) {
	had := to.Len()
	switch {
	case c.typ.IsNested():
		c.appendNestedTo(to, rows)
		return
	case c.heap != nil:
		c.appendSpelledTo(to, rows)
	default:
		to.Resize(had + len(rows))
		c.copyWordsTo(to, had, rows)
	}
	c.appendNulls(to, had, rows)
}

// appendSpelledTo appends the texts or decimals of rows.
func (c *column) appendSpelledTo(to *record.Column, rows []RowID) {
	for _, r := range rows {
		spelled := c.text(r)
		if c.typ.Kind == record.KindDecimal {
			to.AppendDecimal(decimalOf(spelled))
		} else {
			to.AppendString(spelled)
		}
	}
}

// copyWordsTo makes the words of rows the values from position had on.
func (c *column) copyWordsTo(to *record.Column, had int, rows []RowID) {
	switch c.typ.Kind {
	case record.KindInt32, record.KindDate:
		values := to.Int32s()[had:]
		for k, r := range rows {
			values[k] = int32(c.words.get(r))
		}
	case record.KindBool:
		bits := to.Bits()
		for k, r := range rows {
			record.SetBit(bits, had+k, c.words.get(r) != 0)
		}
	case record.KindFloat64:
		values := to.Float64s()[had:]
		for k, r := range rows {
			values[k] = math.Float64frombits(c.words.get(r))
		}
	default:
		values := to.Int64s()[had:]
		for k, r := range rows {
			values[k] = int64(c.words.get(r))
		}
	}
}

// appendNestedTo appends the lists or structs of rows.
func (c *column) appendNestedTo(to *record.Column, rows []RowID) {
	for _, r := range rows {
		if c.isNull(r) {
			to.AppendNull()
		} else {
			appendNested(to, c.text(r))
		}
	}
}

func (c *column) appendNulls(to *record.Column, had int, rows []RowID) {
	if !c.hasNulls() {
		return
	}
	for k, r := range rows {
		if c.nulls.nullBit(r) {
			to.SetNull(had + k)
		}
	}
}
