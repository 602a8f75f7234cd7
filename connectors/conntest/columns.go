package conntest

import (
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// TestColumns decodes a text with each column alone being read: rows that come with all
// columns come, with that column as it was and the others null. Rows that fail for what
// stands in other columns may come beside them. input returns the text anew.
func TestColumns(t testing.TB, f stream.Format, input func() stream.DecoderContext) {
	t.Helper()
	all, columns := readColumns(t, f, input(), nil), input().Schema.Len()
	for i := range columns {
		read := make(stream.Columns, columns)
		read[i] = true
		got := readColumns(t, f, input(), read)
		if (got.err == nil) != (all.err == nil) || got.failed > all.failed || len(got.cells) < len(all.cells) {
			t.Fatalf("with column %d alone: %d rows, %d failed, %v; with all %d, %d, %v", i, len(got.cells), got.failed, got.err,
				len(all.cells), all.failed, all.err)
		}
		at := 0
		for _, row := range all.cells { // are among the others, in their order
			for at < len(got.cells) && got.cells[at][i] != row[i] {
				at++
			}
			if at == len(got.cells) {
				t.Fatalf("column %d alone is %q, and with all columns %q", i, got.cells, all.cells)
			}
			for j, cell := range got.cells[at] {
				if j != i && cell != "null" {
					t.Fatalf("column %d, which nobody reads, has %s", j, cell)
				}
			}
			at++
		}
	}
}

type columnsRead struct {
	cells  [][]string
	failed int
	err    error
}

func readColumns(t testing.TB, f stream.Format, c stream.DecoderContext, read stream.Columns) (out columnsRead) {
	t.Helper()
	c.Read = read
	d := Decode(t, f, c, func(b *record.Batch) {
		for i := range b.Len() {
			var cells []string
			for _, column := range b.Columns {
				cells = append(cells, cell(column, i))
			}
			out.cells = append(out.cells, cells)
		}
	})
	out.failed, out.err = len(d.Failed), d.Err
	return out
}
