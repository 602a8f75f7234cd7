package statetest

import (
	"math"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/recordtest"
)

// column returns n random values of a type in a random encoding, some null, with
// anything beneath the nulls.
func (d *driver) column(t record.Type, n int) *record.Column {
	return recordtest.Underlay(d.pool, d.random, d.bareColumn(t, n))
}

func (d *driver) bareColumn(t record.Type, n int) *record.Column {
	nulls := d.random.IntN(2) == 0
	which := d.random.IntN(5)
	if t.IsNested() {
		which = min(which, 1) * 2 // no dictionary
	}
	switch which {
	case 0:
		c := d.pool.NewConstant(t, n)
		d.append(c, nulls)
		return c
	case 1:
		return d.dictionary(t, n, nulls)
	}
	c := d.pool.NewColumn(t, n)
	for range n {
		d.append(c, nulls)
	}
	return c
}

func (d *driver) dictionary(t record.Type, n int, nulls bool) *record.Column {
	values := d.pool.NewColumn(t, 0)
	size := 1 + d.random.IntN(40)
	for range size {
		d.append(values, false)
	}
	c := d.pool.NewDictionary(values, n)
	for i := range n {
		c.Codes()[i] = int32(d.random.IntN(size))
	}
	for i := 0; nulls && i < n; i += 1 + d.random.IntN(9) {
		c.SetNull(i)
	}
	return c
}

// append adds a random value. Zeros are negative at times, and NaNs have several
// payloads: as keys they are one.
func (d *driver) append(c *record.Column, nulls bool) {
	if nulls && d.random.IntN(9) == 0 {
		c.AppendNull()
		return
	}
	if c.Type().IsNested() {
		d.appendNested(c)
		return
	}
	v := d.value(c.Type())
	if f, ok := v.(float64); ok {
		switch {
		case d.random.IntN(9) == 0:
			v = math.Float64frombits(0x7FF8000000000000 | d.random.Uint64N(4)<<1)
		case f == 0 && d.random.IntN(2) == 0:
			v = math.Copysign(0, -1)
		}
	}
	appendTyped(c, v)
}

// appendTyped appends a plain value of the type of the column.
func appendTyped(c *record.Column, v any) {
	switch v := v.(type) {
	case int64:
		if kind := c.Type().Kind; kind == record.KindInt32 || kind == record.KindDate {
			c.AppendInt32(int32(v))
			return
		}
		c.AppendInt64(v)
	case record.Decimal:
		c.AppendDecimal(v)
	case bool:
		c.AppendBool(v)
	case string:
		if v == nan {
			c.AppendFloat64(math.NaN())
			return
		}
		c.AppendString([]byte(v))
	case float64:
		c.AppendFloat64(v)
	default:
		c.AppendNull()
	}
}

// nan is what every NaN is.
const nan = "NaN"

// appendNested adds a random list or struct, parts of it null.
func (d *driver) appendNested(c *record.Column) {
	if c.Type().Kind == record.KindList {
		for range d.random.IntN(4) {
			d.append(c.Elements(), true)
		}
		c.AppendList()
		return
	}
	for i := range c.Type().Fields() {
		d.append(c.Child(i), true)
	}
	c.AppendStruct()
}

// exactAt returns row i of a value column: lists and structs as JSON, numbers to the
// last bit.
func exactAt(c *record.Column, i int) any {
	switch {
	case c.IsNull(i):
		return nil
	case c.Type().IsNested():
		return string(c.AppendJSON(nil, i))
	case c.Type() == record.Float64:
		plain := c.Gather([]int32{int32(i)})
		defer plain.Release()
		return plain.Float64s()[0]
	}
	return valueAt(c, i)
}

// valueAt returns row i of a key column as the one value that all equal keys share.
func valueAt(c *record.Column, i int) any {
	if c.IsNull(i) {
		return nil
	}
	at, stored := c.ValueIndex(i), c
	if c.Encoding() == record.Dictionary {
		stored = c.Dictionary()
	}
	switch c.Type().Kind {
	case record.KindFloat64:
		if v := stored.Float64s()[at]; v == 0 {
			return 0.0
		} else if v != v {
			return nan
		} else {
			return v
		}
	case record.KindString, record.KindBytes:
		return string(stored.Strings().At(at))
	case record.KindInt32, record.KindDate:
		return int64(stored.Int32s()[at])
	case record.KindDecimal:
		return stored.Decimals()[at]
	case record.KindBool:
		return record.BitAt(stored.Bits(), at)
	}
	return stored.Int64s()[at]
}
