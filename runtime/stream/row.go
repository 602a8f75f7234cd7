package stream

import (
	"encoding/json"
	"math"
	"strconv"

	"github.com/weirstream/weir/runtime/record"
)

// AppendRow appends a row of b as a JSON object, for messages and dead letters. NaN and infinities, which JSON
// has no numbers for, stand as strings.
func AppendRow(to []byte, b *record.Batch, row int) []byte {
	to = append(to, '{')
	for i, c := range b.Columns {
		if i > 0 {
			to = append(to, ',')
		}
		to = append(appendQuoted(to, b.Schema.Field(i).Name), ':')
		to = appendCell(to, c, row)
	}
	return append(to, '}')
}

func appendCell(to []byte, c *record.Column, row int) []byte {
	if c.IsNull(row) {
		return append(to, "null"...)
	}
	i := c.ValueIndex(row)
	if c.Encoding() == record.Dictionary {
		c = c.Dictionary()
	}
	switch c.Type().Kind {
	case record.KindBool:
		return strconv.AppendBool(to, record.BitAt(c.Bits(), i))
	case record.KindInt64:
		return strconv.AppendInt(to, c.Int64s()[i], 10)
	case record.KindTimestamp:
		return append(record.AppendTime(append(to, '"'), record.Time(c.Int64s()[i])), '"')
	case record.KindFloat64:
		v := c.Float64s()[i]
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return append(record.AppendFloat(append(to, '"'), v), '"')
		}
		return record.AppendFloat(to, v)
	}
	return appendQuoted(to, string(c.Strings().At(i)))
}

func appendQuoted(to []byte, text string) []byte {
	quoted, _ := json.Marshal(text) // every string has JSON
	return append(to, quoted...)
}
