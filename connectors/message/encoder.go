package message

import (
	"fmt"

	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// Encoder makes messages of the rows of a sink. It is for one writer.
type Encoder struct {
	values stream.MessageEncoder
	key    int // the column that is the key; -1 is none

	text      []byte
	ends      []int
	keys      []byte
	keyEnds   []int
	keyIsNull []bool
}

// NewEncoder returns an encoder of rows of a schema, in whose format each is a message. key
// names the column that is its key; "" is none.
func NewEncoder(format stream.Format, schema *record.Schema, key string) (*Encoder, error) {
	f, ok := format.(stream.MessageFormat)
	if !ok {
		return nil, fmt.Errorf("the format is one of files and has no messages; choose another, such as json")
	}
	e := &Encoder{key: -1}
	if key != "" {
		if e.key = schema.Index(key); e.key < 0 {
			return nil, fmt.Errorf("there is no column %q%s", key, component.Known(key, schema.Names()))
		}
	}
	var err error
	e.values, err = f.NewMessageEncoder(schema)
	return e, err
}

// Encode makes a message of each row of a dense batch, whose reference the caller keeps.
// They are valid until the next call.
func (e *Encoder) Encode(b *record.Batch) {
	e.text, e.ends = e.values.Encode(b, e.text[:0], e.ends[:0])
	e.keys, e.keyEnds, e.keyIsNull = e.keys[:0], e.keyEnds[:0], e.keyIsNull[:0]
	if e.key < 0 {
		return
	}
	for row := range b.Len() {
		var isNull bool
		e.keys, isNull = appendKey(e.keys, b.Columns[e.key], row)
		e.keyEnds, e.keyIsNull = append(e.keyEnds, len(e.keys)), append(e.keyIsNull, isNull)
	}
}

// Value returns the value of the message of a row.
func (e *Encoder) Value(row int) []byte { return cut(e.text, e.ends, row) }

// Key returns the key of the message of a row; nil is none, as where the column is null.
func (e *Encoder) Key(row int) []byte {
	if e.key < 0 || e.keyIsNull[row] {
		return nil
	}
	return cut(e.keys, e.keyEnds, row)
}

func cut(text []byte, ends []int, row int) []byte {
	start := 0
	if text == nil {
		return []byte{} // nil is no text
	}
	if row > 0 {
		start = ends[row-1]
	}
	return text[start:ends[row]:ends[row]]
}

// appendKey appends the key of a row: the text or the bytes of a column, other values as
// they are written.
func appendKey(to []byte, c *record.Column, row int) (key []byte, isNull bool) {
	if c.IsNull(row) {
		return to, true
	}
	if kind := c.Type().Kind; kind != record.KindString && kind != record.KindBytes {
		return c.AppendText(to, row), false
	}
	stored := c
	if c.Encoding() == record.Dictionary {
		stored = c.Dictionary()
	}
	return append(to, stored.Strings().At(c.ValueIndex(row))...), false
}
