package csv

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"unicode/utf8"

	"github.com/weirstream/weir/runtime/excerpt"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/timeformat"
)

// run is the records cut out of one window, before their cells are parsed.
type run struct {
	spans  []span // row by row, the wanted cells and one that nobody wants
	stride int
	rows   int
	starts []uint32 // per row: where its record starts in the buffer

	begin    int   // where the run starts in the buffer
	lines    int64 // line ends before it
	bad      []badCell
	failures []failure
}

// badCell is a cell that is not what its column's type asks for.
type badCell struct {
	row    int
	column int
	err    error
}

func (r *run) init(columns, rows int) {
	r.stride = columns + 1
	r.spans = make([]span, r.stride*rows)
	r.starts = make([]uint32, rows)
}

// room returns for how many rows there is room.
func (r *run) room() int { return len(r.starts) }

// grow makes room for more rows, where there is none for two.
func (r *run) grow() {
	if r.rows+2 <= r.room() {
		return
	}
	rows := max(2*r.room(), 64)
	r.spans = append(r.spans, make([]span, r.stride*rows-len(r.spans))...)
	r.starts = append(r.starts, make([]uint32, rows-len(r.starts))...)
}

func (r *run) reset(begin int, lines int64) { r.rows, r.begin, r.lines = 0, begin, lines }

// next returns the spans of the row to come, which add then makes part of the run.
func (r *run) next() []span { return r.spans[r.rows*r.stride:][:r.stride] }

func (r *run) add(start int) {
	r.starts[r.rows] = uint32(start)
	r.rows++
}

// remove takes rows out of the run, which are given in ascending order.
func (r *run) remove(rows []int) {
	kept := 0
	for i := range r.rows {
		if len(rows) > 0 && rows[0] == i {
			rows = rows[1:]
			continue
		}
		copy(r.spans[kept*r.stride:], r.spans[i*r.stride:(i+1)*r.stride])
		r.starts[kept] = r.starts[i]
		kept++
	}
	r.rows = kept
}

// convert parses the run's cells into the columns. Rows with a bad cell become
// failures, and what remains is parsed once more: they are expected to be few.
func (d *Decoder) convert() {
	r := &d.run
	d.in.Count += int64(r.rows + len(r.failures))
	if r.rows == 0 {
		return
	}
	d.tidy()
	d.rows.Begin()
	if d.parse(); len(r.bad) > 0 {
		d.rows.Truncate()
		d.failBadRows()
		d.parse()
	}
	d.rows.Len += r.rows
}

func (d *Decoder) parse() {
	for i, c := range d.rows.Columns {
		d.parsers[i].parse(d, c, i)
	}
}

// failBadRows moves the rows with bad cells to the failures, each with the first
// of its bad cells in the order of the schema.
func (d *Decoder) failBadRows() {
	r := &d.run
	first := make([]*badCell, r.rows)
	for i := len(r.bad) - 1; i >= 0; i-- {
		first[r.bad[i].row] = &r.bad[i]
	}
	var rows []int
	for row, bad := range first {
		if bad == nil {
			continue
		}
		rows = append(rows, row)
		at := int(r.starts[row])
		lines := r.lines + int64(bytes.Count(d.in.Buf[r.begin:at], newline))
		end := at + d.record(d.in.Buf[at:d.in.At], true).next
		d.fail(at, end, lines, fmt.Errorf("column %q: %w", d.fields[bad.column].Name, bad.err))
	}
	r.bad = r.bad[:0]
	r.remove(rows)
}

// parser parses the cells of one column of a run.
type parser interface {
	// parse appends column i of the run to a column. Bad cells it notes in the
	// run and appends something in their place.
	parse(d *Decoder, to *record.Column, i int)
}

// newParser returns the parser of a field.
func newParser(format Format, f record.Field, pattern string) (parser, error) {
	switch f.Type {
	case record.String:
		return stringParser{}, nil
	case record.Bool:
		return boolParser{}, nil
	case record.Int64:
		return localized(format, parseInt), nil
	case record.Float64:
		return localized(format, parseFloat), nil
	case record.Int32:
		return localized(format, parseInt32), nil
	case record.Date:
		return fixedParser[int32](record.ParseDate), nil
	case record.Bytes:
		return &bytesParser{}, nil
	case record.Timestamp:
		parse, err := timeformat.Reader(pattern)
		if err != nil {
			return nil, fmt.Errorf("column %q: %w", f.Name, err)
		}
		return fixedParser[int64](parse), nil
	}
	if f.Type.Kind == record.KindDecimal {
		return localized(format, decimalParser(f.Type)), nil
	}
	return nil, fmt.Errorf("column %q: csv has no %v; read it as a string, and take it apart with json_value", f.Name, f.Type)
}

// fixedParser parses cells of a fixed-width type.
type fixedParser[T record.Fixed] func(cell []byte) (T, error)

func (p fixedParser[T]) parse(d *Decoder, to *record.Column, column int) {
	r, buf, had := &d.run, d.in.Buf, to.Len()
	to.Resize(had + r.rows)
	values := record.Values[T](to)[had:]
	for i := range values {
		s := r.spans[i*r.stride+column]
		if s.length() == 0 {
			to.SetNull(had + i)
			continue
		}
		v, err := p(s.of(buf))
		if err != nil {
			r.bad = append(r.bad, badCell{i, column, err})
		}
		values[i] = v
	}
}

// bytesParser reads base64.
type bytesParser struct{ decoded []byte }

func (p *bytesParser) parse(d *Decoder, to *record.Column, column int) {
	r := &d.run
	for i := range r.rows {
		s := r.spans[i*r.stride+column]
		if s.null() {
			to.AppendNull()
			continue
		}
		var err error
		if p.decoded, err = base64.StdEncoding.AppendDecode(p.decoded[:0], s.of(d.in.Buf)); err != nil {
			r.bad = append(r.bad, badCell{i, column, fmt.Errorf("%s is not base64, in which bytes are written: %w",
				excerpt.Quoted(s.of(d.in.Buf)), err)})
		}
		to.AppendString(p.decoded)
	}
}

type boolParser struct{}

func (boolParser) parse(d *Decoder, to *record.Column, column int) {
	r := &d.run
	for i := range r.rows {
		switch s := r.spans[i*r.stride+column]; string(s.of(d.in.Buf)) {
		case "true":
			to.AppendBool(true)
		case "":
			to.AppendNull()
		case "false":
			to.AppendBool(false)
		default:
			v, err := record.ParseBool(s.of(d.in.Buf))
			if err != nil {
				r.bad = append(r.bad, badCell{i, column, err})
			}
			to.AppendBool(v)
		}
	}
}

type stringParser struct{}

func (stringParser) parse(d *Decoder, to *record.Column, column int) {
	r := &d.run
	for i := range r.rows {
		s := r.spans[i*r.stride+column]
		if s.null() {
			to.AppendNull()
			continue
		}
		cell := s.of(d.in.Buf)
		if s.escaped() {
			d.text = d.unescape(d.text[:0], s, d.in.Buf)
			cell = d.text
		}
		if !utf8.Valid(cell) {
			r.bad = append(r.bad, badCell{i, column, fmt.Errorf("%s is not valid UTF-8; convert the file", excerpt.Quoted(cell))})
			cell = nil
		}
		to.AppendString(cell)
	}
}
