package record

import "math"

// This file is how a column is built by whoever took it from the pool, before
// anybody else holds it.

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
