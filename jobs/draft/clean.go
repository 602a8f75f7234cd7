package draft

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// A record is broken that cannot be read even where all columns are texts: it has too
// few cells, or a key twice, or is no JSON. What it holds is no reason for any type,
// so that it is cut out before there are guesses.

// clean counts the rows of the sample and cuts out what is broken, if anything is.
func (t *table) clean() error {
	var fields []record.Field
	for _, name := range t.names {
		if name != "" {
			fields = append(fields, record.Field{Name: name, Type: record.String})
		}
	}
	schema, err := record.NewSchema(fields...)
	if err != nil {
		return fmt.Errorf("%s: %w", t.path, err)
	}
	rows, failed, end := t.read(t.text, schema, make([]stream.Pattern, len(fields)), func(*record.Batch) {})
	t.rows, t.broken, t.end = rows, len(failed), int(end.Offset)
	if t.broken == 0 {
		return nil
	}
	t.why = fmt.Errorf("%s: %w", failed[0].Where, failed[0].Err)
	if t.rowsAt != "" {
		_, line, _ := strings.Cut(failed[0].Where, t.path+":")
		t.why = fmt.Errorf("%s, row %s: %w", t.path, line, failed[0].Err)
	}
	if t.shapes != nil {
		t.cutLines(failed, end.Line)
	} else {
		t.writeAnew(schema)
	}
	return nil
}

// cutLines leaves the records of JSON Lines that fail out, and what is behind the
// sample.
func (t *table) cutLines(failed []stream.FailedRecord, last int64) {
	broken := map[int]bool{}
	for _, f := range failed {
		line, _ := strconv.Atoi(f.Where[strings.LastIndexByte(f.Where, ':')+1:])
		broken[line] = true
	}
	var text []byte
	for i, line := range bytes.SplitAfter(t.text, []byte("\n")) {
		if !broken[i+1] && int64(i) < last {
			text = append(text, line...)
		}
	}
	t.text = text
}

// writeAnew makes the sample one of the rows of CSV that can be read, in CSV as it is
// without options. Cells that are null are empty.
func (t *table) writeAnew(schema *record.Schema) {
	var text bytes.Buffer
	write := func(i int, cell *string) {
		if i > 0 {
			text.WriteByte(',')
		}
		switch {
		case cell == nil:
		case *cell == "" || strings.ContainsAny(*cell, "\",\r\n"):
			text.WriteString(`"` + strings.ReplaceAll(*cell, `"`, `""`) + `"`)
		default:
			text.WriteString(*cell)
		}
	}
	for i, f := range schema.Fields() {
		write(i, &f.Name)
	}
	text.WriteByte('\n')
	t.read(t.text, schema, make([]stream.Pattern, schema.Len()), func(b *record.Batch) {
		columns := make([][]*string, len(b.Columns))
		for i, c := range b.Columns {
			columns[i] = appendCells(nil, c)
		}
		for row := range b.Len() {
			for i := range columns {
				write(i, columns[i][row])
			}
			text.WriteByte('\n')
		}
	})
	t.text, t.format, t.anew = text.Bytes(), t.plain, true
}
