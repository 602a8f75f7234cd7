package record

import (
	"sync/atomic"
	"unsafe"
)

// Encoding says how the rows of a column map to its stored values.
type Encoding uint8

const (
	Plain      Encoding = iota // row i is stored value i
	Constant                   // every row is stored value 0
	Dictionary                 // row i is value Codes()[i] of Dictionary()
)

// Column is the values of one column of a batch.
//
// Its layout is Arrow's: a validity bitmap (absent when no value is null),
// fixed-width values or, for text, int32 offsets and bytes. A list has int32
// offsets into a column of elements, a struct a column per field; those are plain
// and belong to it. The slices that the accessors return are views, valid while
// the caller holds a reference. The value under a null is unspecified, except
// that the fields of a struct that is null are null themselves; it is there and
// can be read: offsets ascend, and codes point into the dictionary.
type Column struct {
	typ      Type
	encoding Encoding
	rows     int // rows of the column
	stored   int // stored values: rows, or 1 of a constant

	validity []byte // empty: nothing is null
	values   []byte // fixed-width values, bits of bools, offsets of text and lists, codes
	data     []byte // bytes of text
	children []*Column
	dict     *Column

	pool *Pool
	refs atomic.Int32
}

// NewColumn returns an empty plain column of type t with room for capacity rows.
func (p *Pool) NewColumn(t Type, capacity int) *Column {
	c := p.newColumn(t)
	switch {
	case t.isText(), t.Kind == KindList:
		c.reserve(0)
		c.offsets(1)[0] = 0
	}
	if t.IsNested() {
		for _, f := range t.nested.fields {
			c.children = append(c.children, p.NewColumn(f.Type, capacity))
		}
	}
	c.reserve(capacity)
	return c
}

// NewConstant returns a column of rows rows that all share one stored value.
// The caller stores it with one Append.
func (p *Pool) NewConstant(t Type, rows int) *Column {
	c := p.NewColumn(t, 1)
	c.encoding, c.rows = Constant, rows
	return c
}

// NewNull returns a column of rows rows that are all null.
func (p *Pool) NewNull(t Type, rows int) *Column {
	c := p.NewConstant(t, rows)
	c.AppendNull()
	return c
}

// NewDictionary returns a column of rows rows that are values of dict, whose
// reference it takes over. The caller fills Codes.
func (p *Pool) NewDictionary(dict *Column, rows int) *Column {
	c := p.newColumn(dict.typ)
	c.encoding, c.rows, c.stored, c.dict = Dictionary, rows, rows, dict
	c.values = p.Allocate(4 * rows)
	return c
}

func (p *Pool) newColumn(t Type) *Column {
	var c *Column
	p.mu.Lock()
	if n := len(p.columns); n > 0 {
		c, p.columns = p.columns[n-1], p.columns[:n-1]
	}
	p.mu.Unlock()
	if c == nil {
		c = &Column{pool: p}
	}
	c.typ = t
	c.refs.Store(1)
	p.liveColumns.Add(1)
	return c
}

// Retain adds a reference and returns the column.
func (c *Column) Retain() *Column {
	if c.refs.Add(1) <= 1 {
		panic("record: column retained after its release")
	}
	return c
}

// Release gives up one reference; the last one gives the memory back.
func (c *Column) Release() {
	switch refs := c.refs.Add(-1); {
	case refs > 0:
		return
	case refs < 0:
		panic("record: column released more often than retained")
	}
	p := c.pool
	p.Free(c.validity)
	p.Free(c.values)
	p.Free(c.data)
	if c.dict != nil {
		c.dict.Release()
	}
	for i, child := range c.children {
		child.Release()
		c.children[i] = nil
	}
	p.liveColumns.Add(-1)
	c.validity, c.values, c.data, c.dict, c.children = nil, nil, nil, nil, c.children[:0]
	c.rows, c.stored, c.encoding = 0, 0, Plain
	if p.checked {
		return // never lent again, so that a second release is seen
	}
	p.mu.Lock()
	p.columns = append(p.columns, c)
	p.mu.Unlock()
}

// Type returns the type of the values, whatever the encoding.
func (c *Column) Type() Type { return c.typ }

// Encoding returns how rows map to stored values.
func (c *Column) Encoding() Encoding { return c.encoding }

// Len returns the number of rows.
func (c *Column) Len() int { return c.rows }

// Bytes returns the memory the column holds on to.
func (c *Column) Bytes() int {
	n := cap(c.validity) + cap(c.values) + cap(c.data)
	if c.dict != nil {
		n += c.dict.Bytes()
	}
	for _, child := range c.children {
		n += child.Bytes()
	}
	return n
}

// HasNulls reports whether the column has a validity bitmap. A column without
// one has no nulls; a column with one may still have none. A dictionary column
// keeps its nulls in its own bitmap, those of rows whose value is a null of the
// dictionary included.
func (c *Column) HasNulls() bool { return len(c.validity) > 0 }

// Validity returns the bitmap of the stored values that are not null, or nil
// where nothing is null.
func (c *Column) Validity() []uint64 {
	if len(c.validity) == 0 {
		return nil
	}
	return view[uint64](c.validity, Words(c.stored))
}

// Int64s returns the stored values of an Int64 or Timestamp column.
func (c *Column) Int64s() []int64 { return view[int64](c.values, c.stored) }

// Int32s returns the stored values of an Int32 or Date column.
func (c *Column) Int32s() []int32 { return view[int32](c.values, c.stored) }

// Decimals returns the stored values of a decimal column.
func (c *Column) Decimals() []Decimal { return view[Decimal](c.values, c.stored) }

// Float64s returns the stored values of a Float64 column.
func (c *Column) Float64s() []float64 { return view[float64](c.values, c.stored) }

// Bits returns the stored values of a Bool column as a bitmap.
func (c *Column) Bits() []uint64 { return view[uint64](c.values, Words(c.stored)) }

// RowKinds returns the stored values of the row kinds of a changelog batch.
func (c *Column) RowKinds() []RowKind { return view[RowKind](c.values, c.stored) }

// Strings returns the stored values of a String or Bytes column.
func (c *Column) Strings() Strings { return Strings{c.offsets(c.stored + 1), c.data} }

// Offsets returns where the elements of a list's stored values stand: those of
// value i are Elements() from Offsets()[i] to Offsets()[i+1].
func (c *Column) Offsets() []int32 { return c.offsets(c.stored + 1) }

// Elements returns the plain column of all elements of a list column, which
// belongs to it.
func (c *Column) Elements() *Column { return c.children[0] }

// Child returns the plain column of a struct's field, one value per stored value
// of the struct. It belongs to the struct.
func (c *Column) Child(field int) *Column { return c.children[field] }

// Codes returns the positions in the dictionary, one a row.
func (c *Column) Codes() []int32 { return view[int32](c.values, c.rows) }

// Dictionary returns the plain column that Codes points into.
func (c *Column) Dictionary() *Column { return c.dict }

func (c *Column) offsets(n int) []int32 { return view[int32](c.values, n) }

// Strings is the stored values of a String or Bytes column: value i is
// Data[Offsets[i]:Offsets[i+1]].
type Strings struct {
	Offsets []int32
	Data    []byte
}

// At returns value i, a view that the caller must not change or keep.
func (s Strings) At(i int) []byte { return s.Data[s.Offsets[i]:s.Offsets[i+1]] }

// Number is the element types of value slices that Go computes with.
type Number interface{ int32 | int64 | float64 }

// Fixed is the element types of the value slices of fixed-width columns.
type Fixed interface{ Number | Decimal }

// Values returns the stored values of a column of fixed-width values, for loops
// that are generic over the element type.
func Values[T Fixed](c *Column) []T { return view[T](c.values, c.stored) }

func view[T any](b []byte, n int) []T {
	if n == 0 {
		return nil
	}
	var zero T
	_ = b[n*int(unsafe.Sizeof(zero))-1]
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), n)
}

// ValueIndex returns where the value of row i is stored: i, 0 in a constant,
// a position in Dictionary() in a dictionary column.
func (c *Column) ValueIndex(i int) int {
	switch c.encoding {
	case Constant:
		return 0
	case Dictionary:
		return int(c.Codes()[i])
	}
	return i
}

// IsNull reports whether row i is null.
func (c *Column) IsNull(i int) bool {
	if len(c.validity) == 0 {
		return false
	}
	if c.encoding == Constant {
		i = 0
	}
	return !BitAt(c.Validity(), i)
}
