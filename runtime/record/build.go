package record

import "math"

// This file is how a column is built by whoever took it from the pool, before
// anybody else holds it.

// Resize sets the number of rows of a column that is being built. Rows that it
// adds have unspecified values and are not null; text, lists and structs can only
// shrink.
func (c *Column) Resize(rows int) {
	had := c.stored
	if rows < had {
		c.Truncate(rows)
		return
	}
	if c.typ.width() == 0 && c.typ.Kind != KindBool && rows > had {
		panic("record: text, lists and structs grow by appending")
	}
	c.reserve(rows - had)
	c.rows, c.stored = rows, rows
	if len(c.validity) > 0 {
		c.growValidity(had)
	}
}

// SetNull makes stored value i null.
func (c *Column) SetNull(i int) {
	if c.typ.Kind == KindStruct && c.encoding != Dictionary {
		for _, child := range c.children {
			child.SetNull(i)
		}
	}
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
	case KindString, KindBytes, KindList:
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

// AppendInt32 adds a value to an Int32 or Date column.
func (c *Column) AppendInt32(v int32) { i := c.extend(); c.Int32s()[i] = v }

// AppendDecimal adds a value to a decimal column, of the column's scale.
func (c *Column) AppendDecimal(v Decimal) { i := c.extend(); c.Decimals()[i] = v }

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

// AppendString adds a copy of v to a String or Bytes column. The strings of a column
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
	c.data = c.data[:at+len(v)]
	copy(c.data[at:], v)
	c.offsets(i + 2)[i+1] = int32(len(c.data))
}

// AppendList adds a list to a list column: of all that was appended to Elements
// since the list before it.
func (c *Column) AppendList() {
	i := c.extend()
	c.offsets(i + 2)[i+1] = int32(c.children[0].stored)
}

// AppendStruct adds a struct to a struct column: of the value that was appended
// to each Child since the struct before it.
func (c *Column) AppendStruct() { c.extend() }

// AppendNull adds a null.
func (c *Column) AppendNull() {
	if c.typ.Kind == KindStruct {
		for _, child := range c.children {
			child.AppendNull()
		}
	}
	i := c.extend()
	switch c.typ.Kind {
	case KindString, KindBytes, KindList:
		offsets := c.offsets(i + 2)
		offsets[i+1] = offsets[i]
	case KindBool:
		SetBit(c.Bits(), i, false)
	}
	c.SetNull(i)
}

// AppendZero adds a value that is not null: false, 0, an empty text or list, the
// beginning of time, a struct of those.
func (c *Column) AppendZero() {
	for _, child := range c.children {
		if c.typ.Kind == KindStruct {
			child.AppendZero()
		}
	}
	i := c.extend()
	switch {
	case c.typ.Kind == KindBool:
		SetBit(c.Bits(), i, false)
	case c.typ.isText(), c.typ.Kind == KindList:
		offsets := c.offsets(i + 2)
		offsets[i+1] = offsets[i]
	default:
		width := c.typ.width()
		clear(c.values[i*width : (i+1)*width])
	}
}

// Truncate drops the stored values from n on, so that a row whose last cell
// failed can be taken back: with what was appended to Elements or a Child of a
// row that was not finished.
func (c *Column) Truncate(n int) {
	if n > c.stored {
		return
	}
	switch {
	case c.typ.isText():
		c.data = c.data[:c.offsets(n + 1)[n]]
	case c.typ.Kind == KindList:
		c.children[0].Truncate(int(c.offsets(n + 1)[n]))
	}
	if c.typ.Kind == KindStruct {
		for _, child := range c.children {
			child.Truncate(n)
		}
	}
	c.stored = n
	if c.encoding != Constant {
		c.rows = n
	}
}
