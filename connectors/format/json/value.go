package json

import (
	"encoding/base64"
	"fmt"

	"github.com/weirstream/weir/runtime/jsontext"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/timeformat"
	"github.com/weirstream/weir/runtime/stream"
)

// value is how the values of one field of the schema are decoded.
type value struct {
	name   string // such as "bid.price" or "tags[]"
	typ    record.Type
	column *record.Column // of the batch that is being built
	width  int            // values that one value takes in columns, those of lists not counted

	object    *object                     // of a struct
	element   *value                      // of a list
	timestamp func([]byte) (int64, error) // of a timestamp
	epoch     bool                        // of a timestamp: it is a number
}

func newValue(name string, t record.Type, p stream.Pattern) (v *value, err error) {
	v = &value{name: name, typ: t, width: 1}
	switch t.Kind {
	case record.KindTimestamp:
		v.epoch = timeformat.IsEpoch(p.Timestamp)
		if v.timestamp, err = timeformat.Reader(p.Timestamp); err != nil {
			err = fmt.Errorf("column %q: %w", name, err)
		}
	case record.KindList:
		v.element, err = newValue(name+"[]", t.Element(), patternOf(p.Fields, 0))
	case record.KindStruct:
		if v.object, err = newObject(t.Fields(), p.Fields, name+"."); err == nil {
			v.width += v.object.width()
		}
	}
	return v, err
}

func (v *value) bind(c *record.Column) {
	v.column = c
	switch v.typ.Kind {
	case record.KindList:
		v.element.bind(c.Elements())
	case record.KindStruct:
		v.object.bind(c.Child)
	}
}

// value decodes the value at a position as one more row of its column, and
// returns the position behind it.
func (d *Decoder) value(v *value, buf []byte, at int) int {
	if end := jsontext.Literal(buf, at, "null"); end >= 0 {
		v.column.AppendNull()
		return end
	}
	switch v.typ.Kind {
	case record.KindString:
		return d.stringValue(v, buf, at)
	case record.KindInt64:
		return d.int64Value(v, buf, at)
	case record.KindTimestamp:
		return d.timestampValue(v, buf, at)
	case record.KindFloat64:
		return d.floatValue(v, buf, at)
	case record.KindBool:
		return d.boolValue(v, buf, at)
	case record.KindInt32:
		return d.int32Value(v, buf, at)
	case record.KindDecimal:
		return d.decimalValue(v, buf, at)
	case record.KindDate:
		return d.dateValue(v, buf, at)
	case record.KindBytes:
		return d.bytesValue(v, buf, at)
	case record.KindList:
		return d.listValue(v, buf, at)
	}
	return d.structValue(v, buf, at)
}

// stringValue takes a value that is no string as it is written, so that a column
// can hold what is decoded later, or has many shapes.
func (d *Decoder) stringValue(v *value, buf []byte, at int) int {
	if buf[at] != '"' {
		end := d.skip(buf, at)
		if end >= 0 {
			v.column.AppendString(buf[at:end])
		}
		return end
	}
	text, end := d.text(buf, at)
	if end >= 0 {
		v.column.AppendString(text)
	}
	return end
}

func (d *Decoder) boolValue(v *value, buf []byte, at int) int {
	end := jsontext.Literal(buf, at, "true")
	truth := end >= 0
	if !truth {
		if end = jsontext.Literal(buf, at, "false"); end < 0 {
			return d.wrong(v, buf, at, "is neither true nor false")
		}
	}
	v.column.AppendBool(truth)
	return end
}

func (d *Decoder) timestampValue(v *value, buf []byte, at int) int {
	if v.epoch {
		return d.epochValue(v, buf, at)
	}
	if buf[at] != '"' {
		return d.wrong(v, buf, at, "is not a timestamp in quotes; a number is declared as timestamp(s), timestamp(ms), "+
			"timestamp(us) or timestamp(ns)")
	}
	text, end := d.text(buf, at)
	if end < 0 {
		return end
	}
	t, err := v.timestamp(text)
	if err != nil {
		return d.fail(at, "column %q: %w", v.name, err)
	}
	v.column.AppendInt64(t)
	return end
}

func (d *Decoder) dateValue(v *value, buf []byte, at int) int {
	if buf[at] != '"' {
		return d.wrong(v, buf, at, `is not a date such as "2013-01-31"`)
	}
	text, end := d.text(buf, at)
	if end < 0 {
		return end
	}
	day, err := record.ParseDate(text)
	if err != nil {
		return d.fail(at, "column %q: %w", v.name, err)
	}
	v.column.AppendInt32(day)
	return end
}

func (d *Decoder) bytesValue(v *value, buf []byte, at int) (end int) {
	if buf[at] != '"' {
		return d.wrong(v, buf, at, "is not a string in base64")
	}
	text, end := d.text(buf, at)
	if end < 0 {
		return end
	}
	var err error
	if d.bytes, err = base64.StdEncoding.AppendDecode(d.bytes[:0], text); err != nil {
		return d.wrong(v, buf, at, "is not base64; declare the column as string to take it as it is")
	}
	v.column.AppendString(d.bytes)
	return end
}
