package csv

import (
	"bytes"
	stdcsv "encoding/csv"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/weirstream/weir/connectors/conntest"
	"github.com/weirstream/weir/connectors/format/input"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// context reads a text in pieces of at most n bytes.
func context(schema *record.Schema, text []byte, n, rows int) stream.DecoderContext {
	return stream.DecoderContext{Name: "t.csv", Schema: schema, Input: conntest.Pieces(text, n), BatchRows: rows}
}

// FuzzDecoder checks on any text that the decoder gives the same in whatever
// pieces it reads, agrees with encoding/csv where that accepts the text, and
// reads back what the encoder makes of its rows.
func FuzzDecoder(f *testing.F) {
	for _, text := range []string{
		"id,name\n1,a\n2,b\n",
		"id,name\r\n\"1\",\"a \"\"b\"\"\r\nc\"\r\n",
		"\xEF\xBB\xBFid\n\n\"\"\nx",
		"id,name\n\"a,b\n\"c\"d,e\nf\"g,h\n,\n\r\n1\n",
		"a\n\"\"\"\"",
		"a,b\n1,2\r",
	} {
		f.Add([]byte(text), uint8(1))
	}
	f.Fuzz(func(t *testing.T, text []byte, n uint8) {
		names, records, accepted := standard(text)
		if names == nil {
			names = []string{"id", "name"}
		}
		fields := make([]record.Field, len(names))
		for i, name := range names {
			fields[i] = record.Field{Name: name, Type: record.String}
		}
		schema, err := record.NewSchema(fields...)
		if err != nil {
			return // names that stand twice
		}
		whole := decode(t, context(schema, text, len(text)+1, 1024))
		split := decode(t, context(schema, text, int(n)+1, 1+int(n)%5))
		if whole.String() != split.String() {
			t.Fatalf("in pieces of %d bytes:\n%v\nwhole:\n%v", int(n)+1, split, whole)
		}
		if accepted && whole.Err == nil {
			compare(t, schema, text, records)
		}
		conntest.TestColumns(t, narrow{Default}, func() stream.DecoderContext { return context(schema, text, int(n)+1, 1+int(n)%5) })
		conntest.TestRoundTrip(t, narrow{Default}, stream.DecoderContext{Name: "t.csv", Schema: schema, BatchRows: 10}, text)
		decode(t, context(record.MustSchema(record.Field{Name: names[0], Type: record.Float64}), text, 7, 3)) // for panics only
	})
}

// standard reads a text with encoding/csv. names is nil where there is no header.
func standard(text []byte) (names []string, records [][]string, accepted bool) {
	r := stdcsv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, input.ByteOrderMark)))
	all, err := r.ReadAll()
	if len(all) == 0 {
		return nil, nil, false
	}
	return all[0], all[1:], err == nil
}

// compare checks cells against those of encoding/csv. That reads nulls as empty,
// skips empty lines even in a file of one column, and reads line ends within
// quotes as LF.
func compare(t *testing.T, schema *record.Schema, text []byte, want [][]string) {
	t.Helper()
	var rows [][]string
	got := conntest.Decode(t, narrow{Default}, context(schema, text, len(text)+1, 10), func(b *record.Batch) {
		for i := range b.Len() {
			if len(b.Columns) == 1 && b.Columns[0].IsNull(i) {
				continue
			}
			cells := make([]string, len(b.Columns))
			for j, c := range b.Columns {
				cells[j] = strings.ReplaceAll(string(c.Strings().At(i)), "\r\n", "\n")
			}
			rows = append(rows, cells)
		}
	})
	switch {
	case len(got.Failed) > 0 && utf8.Valid(text):
		t.Fatalf("encoding/csv accepts this text, but\n%v", got)
	case len(got.Failed) == 0 && !slices.EqualFunc(rows, want, slices.Equal):
		t.Fatalf("got  %q\nwant %q", rows, want)
	}
}
