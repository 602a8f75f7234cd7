package json

import (
	"io"

	"github.com/weirstream/weir/runtime/jsontext"
	"github.com/weirstream/weir/runtime/record"
)

type encoder struct {
	keys [][]byte // what stands before the value of each column
	to   io.Writer
	buf  []byte
}

func newEncoder(schema *record.Schema, to io.Writer) *encoder {
	e := &encoder{to: to}
	for i, name := range schema.Names() {
		var key []byte
		if i > 0 {
			key = append(key, ',')
		}
		e.keys = append(e.keys, append(jsontext.AppendQuoted(key, []byte(name)), ':'))
	}
	return e
}

// Header writes nothing.
func (e *encoder) Header() error { return nil }

// Encode writes the rows of a dense batch.
func (e *encoder) Encode(b *record.Batch) error {
	e.buf = e.buf[:0]
	for row := range b.Len() {
		e.buf = append(appendObject(e.buf, e.keys, b, row), '\n')
	}
	_, err := e.to.Write(e.buf)
	return err
}

// appendObject appends a row as an object, with these keys before its values.
func appendObject(to []byte, keys [][]byte, b *record.Batch, row int) []byte {
	to = append(to, '{')
	for i, c := range b.Columns {
		to = c.AppendJSON(append(to, keys[i]...), row)
	}
	return append(to, '}')
}
