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
	null   string // what null is written as
	check  bool   // numbers and times may need quotes, too
	// special are the characters of a text that needs quotes.
	special [256]bool
}

func newEncoder(f Format, schema *record.Schema, to io.Writer) *encoder {
	e := &encoder{format: f, schema: schema, to: to}
	if len(f.nulls) > 0 {
		e.null = f.nulls[0]
	}
	e.check = len(f.delimiter) > 1 || f.decimal != '.'
	for _, c := range []byte{f.delimiter[0], f.quote, '\n', '\r', f.escape} {
		e.special[c] = c != 0
	}
	return e
}

// Header writes the names of the columns.
func (e *encoder) Header() error {
	if e.format.headless {
		return nil
	}
	e.buf = e.buf[:0]
	for i, name := range e.schema.Names() {
		if i > 0 {
			e.buf = append(e.buf, e.format.delimiter...)
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
		e.appendRow(b, row)
		e.buf = append(e.buf, '\n')
	}
	_, err := e.to.Write(e.buf)
	return err
}

// appendRow appends a row without its line end.
func (e *encoder) appendRow(b *record.Batch, row int) {
	for i, c := range b.Columns {
		if i > 0 {
			e.buf = append(e.buf, e.format.delimiter[0])
			if len(e.format.delimiter) > 1 {
				e.buf = append(e.buf, e.format.delimiter[1:]...)
			}
		}
		if c.IsNull(row) {
			e.buf = append(e.buf, e.null...)
			continue
		}
		e.appendCell(c, row)
	}
}

func (e *encoder) appendCell(c *record.Column, row int) {
	switch c.Type().Kind {
	case record.KindString:
		e.appendText(c.Strings().At(row))
	case record.KindBytes, record.KindList, record.KindStruct:
		e.cell = c.AppendText(e.cell[:0], row)
		e.appendText(e.cell)
	default:
		if e.check {
			e.appendChecked(c, row)
			return
		}
		e.buf = c.AppendText(e.buf, row)
	}
}

// appendChecked appends a number, time or bool that may need a comma, or quotes.
func (e *encoder) appendChecked(c *record.Column, row int) {
	e.cell = c.AppendText(e.cell[:0], row)
	kind := c.Type().Kind
	if point := bytes.IndexByte(e.cell, '.'); point >= 0 && (kind == record.KindFloat64 || kind == record.KindDecimal) {
		e.cell[point] = e.format.decimal
	}
	e.appendText(e.cell)
}

// appendText appends text, in quotes where it needs them: to hold what has a
// meaning in CSV (at the start of the file even a byte order mark has), and to tell texts from null.
func (e *encoder) appendText(text []byte) {
	if !e.needsQuotes(text) {
		e.buf = append(e.buf, text...)
		return
	}
	quote := e.format.quote
	e.buf = append(e.buf, quote)
	for _, c := range text {
		switch {
		case c == quote && e.format.escape == 0:
			e.buf = append(e.buf, quote)
		case c == quote, c == e.format.escape && e.format.escape != 0:
			e.buf = append(e.buf, e.format.escape)
		}
		e.buf = append(e.buf, c)
	}
	e.buf = append(e.buf, quote)
}

func (e *encoder) needsQuotes(text []byte) bool {
	for _, c := range text {
		if e.special[c] {
			return true
		}
	}
	return len(text) == 0 || bytes.HasPrefix(text, input.ByteOrderMark) || len(e.format.nulls) > 0 && e.isNull(text)
}

// isNull reports a text that would mean null without quotes.
func (e *encoder) isNull(text []byte) bool {
	for _, null := range e.format.nulls {
		if string(text) == null {
			return true
		}
	}
	return false
}
