package recordtest

import (
	"math"
	"math/rand/v2"

	"github.com/weirstream/weir/runtime/decimal"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/calendar"
)

// Batch returns rows of random values and nulls, such as files hold: text is UTF-8,
// and years have four digits.
func Batch(pool *record.Pool, random *rand.Rand, schema *record.Schema, rows int) *record.Batch {
	b := pool.NewBatch(schema, rows)
	v := values{random}
	for _, f := range schema.Fields() {
		c := pool.NewColumn(f.Type, rows)
		for range rows {
			v.append(c)
		}
		b.Columns = append(b.Columns, c)
	}
	return b
}

type values struct{ *rand.Rand }

// append appends a value, or a null one time in six.
func (v values) append(c *record.Column) {
	if v.IntN(6) == 0 {
		c.AppendNull()
		return
	}
	switch c.Type().Kind {
	case record.KindBool:
		c.AppendBool(v.IntN(2) == 0)
	case record.KindInt32:
		c.AppendInt32([]int32{0, -1, math.MinInt32, math.MaxInt32, int32(v.Uint32())}[v.IntN(5)])
	case record.KindInt64:
		c.AppendInt64([]int64{0, -1, math.MinInt64, math.MaxInt64, int64(v.Uint64()) >> v.IntN(64)}[v.IntN(5)])
	case record.KindFloat64:
		c.AppendFloat64([]float64{0, math.Inf(1), math.Inf(-1), math.NaN(), anyFinite(v.Rand), -anyFinite(v.Rand)}[v.IntN(6)])
	case record.KindDecimal:
		c.AppendDecimal(v.decimal(c.Type()))
	case record.KindString:
		c.AppendString(v.text())
	case record.KindBytes:
		c.AppendString(underlay(v).anyText())
	case record.KindTimestamp:
		c.AppendInt64(v.Int64N(yearTenThousand*calendar.MicrosPerDay-yearZero*calendar.MicrosPerDay) + yearZero*calendar.MicrosPerDay)
	case record.KindDate:
		c.AppendInt32(int32(v.Int64N(yearTenThousand-yearZero) + yearZero))
	case record.KindList:
		for range v.IntN(4) {
			v.append(c.Elements())
		}
		c.AppendList()
	case record.KindStruct:
		for f := range c.Type().Fields() {
			v.append(c.Child(f))
		}
		c.AppendStruct()
	}
}

// Days on which years begin.
var (
	yearZero        = calendar.Days(0, 1, 1)
	yearTenThousand = calendar.Days(10_000, 1, 1)
)

// decimal returns a number of up to all digits that a type has.
func (v values) decimal(t record.Type) record.Decimal {
	text := randomDigits(v.Rand, 1+v.IntN(int(t.Precision)))
	n, _, err := decimal.Parse([]byte(text), decimal.MaxPrecision, 0)
	if err != nil {
		panic("recordtest: " + err.Error())
	}
	if v.IntN(2) == 0 {
		return n.Neg()
	}
	return n
}

// text returns letters, quotes, ends of lines and whatever else has a meaning in
// some format.
func (v values) text() (text []byte) {
	parts := []string{"a", "b", " ", `"`, "'", ",", ";", "\n", "\r", "\\", "{", "\x00", "\x1f",
		"é", "日", "🦆", "\u2028", "null", "\ufeff"}
	for range v.IntN(6) {
		text = append(text, parts[v.IntN(len(parts))]...)
	}
	return text
}
