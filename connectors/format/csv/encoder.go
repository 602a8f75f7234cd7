package csv

import (
	"bytes"
	"io"

	"github.com/weirstream/weir/connectors/format/input"
	"github.com/weirstream/weir/runtime/record"
)

type encoder struct {
	format Format
	schema *record.Schema
	to     io.Writer
	buf    []byte
	cell   []byte // of a type whose text may need quotes
}

// Header writes the names of the columns.
func (e *encoder) Header() error {
	e.buf = e.buf[:0]
	for i, name := range e.schema.Names() {
		if i > 0 {
			e.buf = append(e.buf, e.format.delimiter)
		}
		e.appendText([]byte(name))
	}
	e.buf = append(e.buf, '\n')
	_, err := e.to.Write(e.buf)
	return err
}

// Encode writes the rows of a dense batch.
func (e *encoder) Encode(b *record.Batch) error {
	e.buf = e.buf[:0]
	for row := range b.Len() {
		for i, c := range b.Columns {
			if i > 0 {
				e.buf = append(e.buf, e.format.delimiter)
			}
			if !c.IsNull(row) {
				e.appendCell(c, row)
			}
		}
		e.buf = append(e.buf, '\n')
	}
	_, err := e.to.Write(e.buf)
	return err
}

func (e *encoder) appendCell(c *record.Column, row int) {
	switch c.Type().Kind {
	case record.KindString:
		e.appendText(c.Strings().At(row))
	case record.KindBytes, record.KindList, record.KindStruct:
		e.cell = c.AppendText(e.cell[:0], row)
		e.appendText(e.cell)
	default:
		e.buf = c.AppendText(e.buf, row)
	}
}

// appendText appends text, in quotes where it needs them: to hold what has a
// meaning in CSV (at the start of the file even a byte order mark has), and to tell the empty string from null.
func (e *encoder) appendText(text []byte) {
	if !e.needsQuotes(text) {
		e.buf = append(e.buf, text...)
		return
	}
	quote := e.format.quote
	e.buf = append(e.buf, quote)
	for _, c := range text {
		if c == quote {
			e.buf = append(e.buf, quote)
		}
		e.buf = append(e.buf, c)
	}
	e.buf = append(e.buf, quote)
}

func (e *encoder) needsQuotes(text []byte) bool {
	for _, c := range text {
		if c == e.format.delimiter || c == e.format.quote || c == '\n' || c == '\r' {
			return true
		}
	}
	return len(text) == 0 || bytes.HasPrefix(text, input.ByteOrderMark)
}
