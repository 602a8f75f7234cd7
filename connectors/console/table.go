package console

import (
	"strconv"
	"unicode/utf8"

	"github.com/weirstream/weir/runtime/record"
)

// null is how a null is drawn, so that it is not taken for an empty string.
const null = "·"

// table draws batches as lines of aligned columns.
type table struct {
	schema  *record.Schema
	widths  []int
	started bool   // the header is drawn and the widths are fixed
	text    []byte // of cells, reused
	ends    []int  // of each cell in text
	out     []byte // lines, reused
}

func newTable(schema *record.Schema) *table {
	t := &table{schema: schema, widths: make([]int, schema.Len())}
	for i, f := range schema.Fields() {
		t.widths[i] = max(utf8.RuneCountInString(f.Name), leastWidth(f.Type))
	}
	return t
}

// leastWidth is the room that values of a type usually need: the first batch may
// be small.
func leastWidth(t record.Type) int {
	switch t.Kind {
	case record.KindTimestamp:
		return len("2013-01-01T10:15:00Z")
	case record.KindFloat64:
		return len("-12.123456789012345")
	}
	return 1
}

// format returns the lines of a dense batch, the first time behind the header.
// The result is valid until the next call.
func (t *table) format(b *record.Batch) []byte {
	t.out = t.out[:0]
	t.drawCells(b)
	if !t.started {
		t.fixWidths()
		t.drawHeader()
		t.started = true
	}
	begin, cell := 0, 0
	for range b.Len() {
		for i, f := range t.schema.Fields() {
			t.appendCell(i, f.Type, t.text[begin:t.ends[cell]])
			begin = t.ends[cell]
			cell++
		}
		t.endLine()
	}
	return t.out
}

// drawCells puts the texts of all cells, row by row, into text and ends.
func (t *table) drawCells(b *record.Batch) {
	t.text, t.ends = t.text[:0], t.ends[:0]
	for row := range b.Len() {
		for _, c := range b.Columns {
			t.text = appendValue(t.text, c, row)
			t.ends = append(t.ends, len(t.text))
		}
	}
}

func (t *table) fixWidths() {
	begin := 0
	for cell, end := range t.ends {
		i := cell % len(t.widths)
		t.widths[i] = max(t.widths[i], utf8.RuneCount(t.text[begin:end]))
		begin = end
	}
}

func (t *table) drawHeader() {
	for i, f := range t.schema.Fields() {
		t.appendCell(i, f.Type, []byte(f.Name))
	}
	t.endLine()
}

// appendCell appends a cell of column i, numbers to the right.
func (t *table) appendCell(i int, typ record.Type, cell []byte) {
	padding := t.widths[i] - utf8.RuneCount(cell)
	number := typ.IsNumber()
	if number {
		t.pad(padding)
	}
	t.out = append(t.out, cell...)
	if !number {
		t.pad(padding)
	}
	t.pad(2)
}

func (t *table) pad(n int) {
	for range n {
		t.out = append(t.out, ' ')
	}
}

// endLine ends a line, without blanks before its end.
func (t *table) endLine() {
	n := len(t.out)
	for n > 0 && t.out[n-1] == ' ' {
		n--
	}
	t.out = append(t.out[:n], '\n')
}

func appendValue(dst []byte, c *record.Column, row int) []byte {
	if c.IsNull(row) {
		return append(dst, null...)
	}
	switch c.Type().Kind {
	case record.KindString, record.KindBytes: // which are text more often than not, as in dead letters
		return appendVisible(dst, c.Strings().At(row))
	}
	return c.AppendText(dst, row)
}

// appendVisible appends text with control characters escaped: they would break
// the table, or do worse things to a terminal.
func appendVisible(dst, text []byte) []byte {
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if strconv.IsPrint(r) && (r != utf8.RuneError || size > 1) {
			dst = append(dst, text[:size]...)
		} else {
			quoted := strconv.AppendQuote(nil, string(text[:size]))
			dst = append(dst, quoted[1:len(quoted)-1]...)
		}
		text = text[size:]
	}
	return dst
}
