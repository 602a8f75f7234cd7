package record

import (
	"math"
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
// fixed-width values or, for strings, int32 offsets and bytes. The slices that
// the accessors return are views, valid while the caller holds a reference. The
// value under a null is unspecified.
type Column struct {
	typ      Type
	encoding Encoding
	rows     int // rows of the column
	stored   int // stored values: rows, or 1 of a constant

	validity []byte // empty: nothing is null
	values   []byte // fixed-width values, bits of bools, offsets of strings, codes
	data     []byte // bytes of strings
	dict     *Column

	pool *Pool
	refs atomic.Int32
}

// NewColumn returns an empty plain column of type t with room for capacity rows.
func (p *Pool) NewColumn(t Type, capacity int) *Column {
	c := p.newColumn(t)
	if t.Kind == KindString {
		c.reserve(0)
		c.offsets(1)[0] = 0
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
	p.liveColumns.Add(-1)
	c.validity, c.values, c.data, c.dict = nil, nil, nil, nil
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
	return n
}

// HasNulls reports whether the column has a validity bitmap. A column without
// one has no nulls; a column with one may still have none. A dictionary column
// keeps its nulls in its own bitmap, never in the dictionary's.
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

// Float64s returns the stored values of a Float64 column.
func (c *Column) Float64s() []float64 { return view[float64](c.values, c.stored) }

// Bits returns the stored values of a Bool column as a bitmap.
func (c *Column) Bits() []uint64 { return view[uint64](c.values, Words(c.stored)) }

// RowKinds returns the stored values of the row kinds of a changelog batch.
func (c *Column) RowKinds() []RowKind { return view[RowKind](c.values, c.stored) }

// Strings returns the stored values of a String column.
func (c *Column) Strings() Strings { return Strings{c.offsets(c.stored + 1), c.data} }

// Codes returns the positions in the dictionary, one a row.
func (c *Column) Codes() []int32 { return view[int32](c.values, c.rows) }

// Dictionary returns the plain column that Codes points into.
func (c *Column) Dictionary() *Column { return c.dict }

func (c *Column) offsets(n int) []int32 { return view[int32](c.values, n) }

// Strings is the stored values of a String column: value i is
// Data[Offsets[i]:Offsets[i+1]].
type Strings struct {
	Offsets []int32
	Data    []byte
}

// At returns value i, a view that the caller must not change or keep.
func (s Strings) At(i int) []byte { return s.Data[s.Offsets[i]:s.Offsets[i+1]] }

// Fixed is the element types of the value slices of fixed-width columns.
type Fixed interface{ int64 | float64 }

// Values returns the stored values of an Int64, Timestamp or Float64 column,
// for loops that are generic over the element type.
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

// Resize sets the number of rows of a column that is being built. Rows that it
// adds have unspecified values and are not null; strings can only shrink.
func (c *Column) Resize(rows int) {
	had := c.stored
	c.reserve(rows - had)
	c.rows, c.stored = rows, rows
	if c.typ.Kind == KindString && rows > had {
		panic("record: strings grow by AppendString")
	}
	if len(c.validity) > 0 {
		c.growValidity(had)
	}
}

// SetNull makes stored value i null.
func (c *Column) SetNull(i int) {
	if len(c.validity) == 0 {
		c.AddValidity()
	}
	SetBit(c.Validity(), i, false)
}

// AddValidity gives a column that is being built a bitmap in which nothing is
// null yet, and returns it.
func (c *Column) AddValidity() []uint64 {
	if len(c.validity) == 0 {
		c.validity = c.pool.Allocate(8 * max(1, Words(c.stored)))
		FillBits(view[uint64](c.validity, len(c.validity)/8), c.stored, true)
	}
	return c.Validity()
}

// growValidity extends the bitmap from had to the stored rows, all valid.
func (c *Column) growValidity(had int) {
	c.validity = c.pool.Reallocate(8*max(1, Words(c.stored)), c.validity)
	bitmap := c.Validity()
	for i := had; i < c.stored; {
		if i&63 == 0 && i+64 <= c.stored {
			bitmap[i>>6] = math.MaxUint64
			i += 64
			continue
		}
		SetBit(bitmap, i, true)
		i++
	}
}

// reserve makes room for extra stored values more.
func (c *Column) reserve(extra int) {
	n := c.stored + max(extra, 0)
	var size int
	switch c.typ.Kind {
	case KindBool:
		size = 8 * Words(n)
	case KindString:
		size = 4 * (n + 1)
	default:
		size = c.typ.width() * n
	}
	if size > cap(c.values) {
		c.values = c.pool.Reallocate(max(size, 2*cap(c.values)), c.values)
	}
	c.values = c.values[:cap(c.values)]
}

// extend adds one stored value and returns its position.
func (c *Column) extend() int {
	i := c.stored
	c.reserve(1)
	c.stored++
	if c.encoding != Constant {
		c.rows = c.stored
	}
	if len(c.validity) > 0 {
		c.growValidity(i)
	}
	return i
}

// AppendInt64 adds a value to an Int64 or Timestamp column.
func (c *Column) AppendInt64(v int64) { i := c.extend(); c.Int64s()[i] = v }

// AppendTime adds a value to a Timestamp column.
func (c *Column) AppendTime(v Time) { c.AppendInt64(int64(v)) }

// AppendFloat64 adds a value to a Float64 column.
func (c *Column) AppendFloat64(v float64) { i := c.extend(); c.Float64s()[i] = v }

// AppendBool adds a value to a Bool column.
func (c *Column) AppendBool(v bool) { i := c.extend(); SetBit(c.Bits(), i, v) }

// AppendRowKind adds a value to the row kinds of a changelog batch.
func (c *Column) AppendRowKind(v RowKind) { i := c.extend(); c.RowKinds()[i] = v }

// MaxStringBytes is the most bytes that the strings of one column hold together.
const MaxStringBytes = math.MaxInt32

// AppendString adds a copy of v to a String column. The strings of a column
// must not exceed [MaxStringBytes] together.
func (c *Column) AppendString(v []byte) {
	i := c.extend()
	at := len(c.data)
	if at+len(v) > MaxStringBytes {
		panic("record: the strings of a column exceed 2 GiB")
	}
	if at+len(v) > cap(c.data) {
		c.data = c.pool.Reallocate(max(at+len(v), 2*cap(c.data)), c.data)
	}
	c.data = append(c.data[:at], v...)
	c.offsets(i + 2)[i+1] = int32(len(c.data))
}

// AppendNull adds a null.
func (c *Column) AppendNull() {
	i := c.extend()
	switch c.typ.Kind {
	case KindString:
		offsets := c.offsets(i + 2)
		offsets[i+1] = offsets[i]
	case KindBool:
		SetBit(c.Bits(), i, false)
	}
	c.SetNull(i)
}

// Truncate drops the stored values from n on, so that a row whose last cell
// failed can be taken back.
func (c *Column) Truncate(n int) {
	if n >= c.stored {
		return
	}
	if c.typ.Kind == KindString {
		c.data = c.data[:c.offsets(n + 1)[n]]
	}
	c.rows, c.stored = n, n
}
