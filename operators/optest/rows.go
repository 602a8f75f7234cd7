package optest

import (
	"fmt"
	"strings"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Row is a row of a test stream.
type Row struct {
	Time record.Time
	// Watermark is that of the row's split before the row; see [Split].
	Watermark record.Time
	// Values is one value per column: int32 (of dates, too), int64, float64,
	// record.Decimal, string (of bytes, too), bool, record.Time, []any (of a list's
	// elements or a struct's fields), or nil for null.
	Values []any
}

// Element is an element of a test stream: rows, or something else.
type Element struct {
	Rows []Row
	Else stream.Element // where there are no Rows
}

// String draws the element as [stream.Element] does.
func (e Element) String() string {
	if e.Rows == nil {
		return e.Else.String()
	}
	return fmt.Sprintf("batch(%d rows)", len(e.Rows))
}

// Rows returns the element of a batch.
func Rows(rows ...Row) Element { return Element{Rows: rows} }

// Watermark returns the element of a watermark.
func Watermark(t record.Time) Element { return Element{Else: stream.WatermarkOf(t)} }

// End returns the elements that end every stream.
func End() []Element { return []Element{Watermark(record.MaxTime), {Else: stream.End}} }

// Split follows the watermark of one split, as sources do.
type Split struct {
	Delay     time.Duration
	watermark record.Time
	begun     bool
}

// Next returns the split's watermark before its next row, whose event time is t.
func (s *Split) Next(t record.Time) (before record.Time) {
	before = s.Watermark()
	s.watermark, s.begun = max(before, t.Add(-s.Delay)), true
	return before
}

// Watermark returns the split's watermark behind all its rows so far.
func (s *Split) Watermark() record.Time {
	if !s.begun {
		return record.MinTime
	}
	return s.watermark
}

// Batch makes a batch of rows. It has a column of row watermarks only if some row
// is behind its split's.
func Batch(pool *record.Pool, schema *record.Schema, rows []Row) *record.Batch {
	b := pool.NewBatch(schema, len(rows))
	for _, f := range schema.Fields() {
		b.Columns = append(b.Columns, pool.NewColumn(f.Type, len(rows)))
	}
	b.EventTime = pool.NewColumn(record.Timestamp, len(rows))
	behind := false
	for _, r := range rows {
		b.EventTime.AppendTime(r.Time)
		behind = behind || r.Time < r.Watermark
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
// "key=a [0s,25s) sum=8".
func Draw(b *record.Batch) []string {
	d := b.Retain().Dense()
	defer d.Release()
	lines := make([]string, d.Len())
	for i := range lines {
		lines[i] = drawRow(d, i)
	}
	return lines
}

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
		return timeText(record.Time(c.Int64s()[i]))
	}
	return string(c.AppendText(nil, i))
}

func timeText(t record.Time) string {
	const near = record.Time(1000 * time.Hour / time.Microsecond)
	if -near < t && t < near {
		return (time.Duration(t) * time.Microsecond).String()
	}
	return t.String()
}
