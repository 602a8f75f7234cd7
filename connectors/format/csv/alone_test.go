package csv

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// A failed record comes with what it takes to read it alone: header and record,
// decoded by a schema that they fit, are the row. So are they behind a bookmark.
func TestFailedRecordsCanBeReadAlone(t *testing.T) {
	text := "\xEF\xBB\xBF\r\nkind,\"n, or so\",at\r\na,1,x\r\nb,two,\"y\nz\"\r\nc,3,x\r\nd,four,x"
	numbers := record.MustSchema(record.Field{Name: "n, or so", Type: record.Int64})
	texts := record.MustSchema(record.Field{Name: "n, or so", Type: record.String}, record.Field{Name: "at", Type: record.String})
	whole := decode(t, stream.DecoderContext{Name: "t.csv", Schema: numbers, Input: strings.NewReader(text), BatchRows: 1})
	behind := decode(t, stream.DecoderContext{Name: "t.csv", Schema: numbers, Input: strings.NewReader(text), Start: whole.Bookmarks[0]})
	for _, failed := range [][]stream.FailedRecord{whole.Failed, behind.Failed} {
		var rows []string
		for _, f := range failed {
			alone := io.MultiReader(bytes.NewReader(f.Header), strings.NewReader("\n"), bytes.NewReader(f.Raw))
			rows = append(rows, decode(t, stream.DecoderContext{Schema: texts, Input: alone}).Rows...)
		}
		if want := []string{`"two"|"y\nz"`, `"four"|"x"`}; !slices.Equal(rows, want) {
			t.Errorf("got %q, want %q", rows, want)
		}
	}
}
