package optest

import (
	"fmt"
	"strings"
	"time"

	"github.com/weirstream/weir/runtime/record"
)

var rowKinds = record.Type{Kind: record.KindRowKind}

// Batch makes a batch of rows. It has a column of row watermarks only if some row
// is behind its split's, and one of row kinds only if some row is no insert.
func Batch(pool *record.Pool, schema *record.Schema, rows []Row) *record.Batch {
	b := pool.NewBatch(schema, len(rows))
	for _, f := range schema.Fields() {
		b.Columns = append(b.Columns, pool.NewColumn(f.Type, len(rows)))
	}
	b.EventTime = pool.NewColumn(record.Timestamp, len(rows))
	behind := false
	changes := false
	for _, r := range rows {
		b.EventTime.AppendTime(r.Time)
		behind = behind || r.Time < r.Watermark
		changes = changes || r.Kind != record.Insert
		for i, c := range b.Columns {
			appendValue(c, r.Values[i])
		}
	}
	if behind {
		b.RowWatermark = pool.NewColumn(record.Timestamp, len(rows))
		for _, r := range rows {
			b.RowWatermark.AppendTime(r.Watermark)
		}
	}
	if changes {
		b.RowKinds = pool.NewColumn(rowKinds, len(rows))
		for _, r := range rows {
			b.RowKinds.AppendRowKind(r.Kind)
		}
	}
	return b
}

func appendValue(c *record.Column, v any) {
	switch v := v.(type) {
	case nil:
		c.AppendNull()
	case int64:
		c.AppendInt64(v)
	case float64:
		c.AppendFloat64(v)
	case string:
		c.AppendString([]byte(v))
	case bool:
		c.AppendBool(v)
	case record.Time:
		c.AppendTime(v)
	case int32:
		c.AppendInt32(v)
	case record.Decimal:
		c.AppendDecimal(v)
	case []any:
		appendNested(c, v)
	default:
		panic(fmt.Sprintf("optest: a value of type %T has no place in a column", v))
	}
}

func appendNested(c *record.Column, values []any) {
	if c.Type().Kind == record.KindList {
		for _, v := range values {
			appendValue(c.Elements(), v)
		}
		c.AppendList()
		return
	}
	for i, v := range values {
		appendValue(c.Child(i), v)
	}
	c.AppendStruct()
}

// Draw returns the selected rows of a batch as text, a line each, such as
// "key=a [0s,25s) sum=8", or "+U key=a sum=8" of a changelog.
func Draw(b *record.Batch) []string {
	d := b.Retain().Dense()
	defer d.Release()
	lines := make([]string, d.Len())
	for i := range lines {
		if lines[i] = drawRow(d, i); d.RowKinds != nil {
			lines[i] = kindWords[d.RowKinds.RowKinds()[i]] + " " + lines[i]
		}
	}
	return lines
}

// kindWords is what rows of a changelog are drawn with.
var kindWords = [...]string{record.Insert: "+I", record.UpdateBefore: "-U", record.UpdateAfter: "+U", record.Delete: "-D"}

func drawRow(b *record.Batch, i int) string {
	var cells []string
	for c, f := range b.Schema.Fields() {
		value := Text(b.Columns[c], i)
		switch f.Name {
		case "window_start":
			cells = append(cells, "["+value+",")
		case "window_end":
			cells[len(cells)-1] += value + ")"
		default:
			cells = append(cells, f.Name+"="+value)
		}
	}
	return strings.Join(cells, " ")
}

// Text returns the value of row i of a plain column as text; times near the epoch
// as their distance from it, such as "90s".
func Text(c *record.Column, i int) string {
	if c.IsNull(i) {
		return "null"
	}
	if c.Type() == record.Timestamp {
		return TimeText(record.Time(c.Int64s()[i]))
	}
	return string(c.AppendText(nil, i))
}

// TimeText draws a time: as the duration since 1970, in which scripts count, or as a date
// if it is far from there. Scripts read both.
func TimeText(t record.Time) string {
	const near = record.Time(1000 * time.Hour / time.Microsecond)
	if -near < t && t < near {
		return (time.Duration(t) * time.Microsecond).String()
	}
	return t.String()
}
