package record

import (
	"encoding/base64"
	"math"
	"strconv"

	"github.com/weirstream/weir/runtime/jsontext"
)

// AppendText appends the value of a row that is not null, as CSV files, tables
// and messages show it: numbers as the shortest text that reads back, decimals
// with all digits of their scale, times as RFC 3339, dates as 2013-01-31, bytes in
// base64, lists and structs as JSON.
func (c *Column) AppendText(to []byte, row int) []byte {
	c, i := c.valueOf(row)
	switch c.typ.Kind {
	case KindString:
		return append(to, c.Strings().At(i)...)
	case KindBytes:
		return base64.StdEncoding.AppendEncode(to, c.Strings().At(i))
	case KindTimestamp:
		return AppendTime(to, Time(c.Int64s()[i]))
	case KindDate:
		return AppendDate(to, c.Int32s()[i])
	case KindFloat64:
		return AppendFloat(to, c.Float64s()[i])
	}
	return c.AppendJSON(to, i)
}

// AppendJSON appends the value of a row as JSON, null where it is null. What JSON
// has no form for stands as the string that [Column.AppendText] makes of it: times,
// dates, bytes, and NaN and infinities.
func (c *Column) AppendJSON(to []byte, row int) []byte {
	if c.IsNull(row) {
		return append(to, "null"...)
	}
	c, i := c.valueOf(row)
	switch c.typ.Kind {
	case KindBool:
		return strconv.AppendBool(to, BitAt(c.Bits(), i))
	case KindInt32:
		return strconv.AppendInt(to, int64(c.Int32s()[i]), 10)
	case KindInt64:
		return strconv.AppendInt(to, c.Int64s()[i], 10)
	case KindDecimal:
		return c.Decimals()[i].Append(to, int(c.typ.Scale))
	case KindFloat64:
		if v := c.Float64s()[i]; !math.IsNaN(v) && !math.IsInf(v, 0) {
			return AppendFloat(to, v)
		}
	case KindString:
		return jsontext.AppendQuoted(to, c.Strings().At(i))
	case KindList:
		return c.appendJSONList(to, i)
	case KindStruct:
		return c.appendJSONStruct(to, i)
	}
	return append(c.AppendText(append(to, '"'), i), '"')
}

func (c *Column) appendJSONList(to []byte, i int) []byte {
	to = append(to, '[')
	from, end := c.Offsets()[i], c.Offsets()[i+1]
	for e := from; e < end; e++ {
		if e > from {
			to = append(to, ',')
		}
		to = c.children[0].AppendJSON(to, int(e))
	}
	return append(to, ']')
}

func (c *Column) appendJSONStruct(to []byte, i int) []byte {
	to = append(to, '{')
	for f, child := range c.children {
		if f > 0 {
			to = append(to, ',')
		}
		to = jsontext.AppendQuoted(to, []byte(c.typ.nested.fields[f].Name))
		to = child.AppendJSON(append(to, ':'), i)
	}
	return append(to, '}')
}

// valueOf returns the column that stores the value of a row, and where.
func (c *Column) valueOf(row int) (*Column, int) {
	i := c.ValueIndex(row)
	if c.encoding == Dictionary {
		return c.dict, i
	}
	return c, i
}
