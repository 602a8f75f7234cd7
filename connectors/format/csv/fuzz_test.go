package csv

import (
	"bytes"
	stdcsv "encoding/csv"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/weirstream/weir/connectors/format/input"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// pieces returns a text in reads of at most n bytes.
type pieces struct {
	text []byte
	n    int
}

func (p *pieces) Read(to []byte) (int, error) {
	if len(p.text) == 0 {
		return 0, io.EOF
	}
	n := copy(to[:min(p.n, len(to))], p.text)
	p.text = p.text[n:]
	return n, nil
}

func (p *pieces) context(schema *record.Schema, rows int) stream.DecoderContext {
	return stream.DecoderContext{Name: "t.csv", Schema: schema, Input: p, BatchRows: rows}
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
		whole := decode(t, (&pieces{text, len(text) + 1}).context(schema, 1024))
		split := decode(t, (&pieces{text, int(n) + 1}).context(schema, 1+int(n)%5))
		if whole.String() != split.String() {
			t.Fatalf("in pieces of %d bytes:\n%v\nwhole:\n%v", int(n)+1, split, whole)
		}
		if accepted && whole.err == nil {
			compare(t, schema, text, records)
		}
		roundTrip(t, schema, text)
		decode(t, (&pieces{text, 7}).context(record.MustSchema(
			record.Field{Name: names[0], Type: record.Float64}), 3)) // for panics only
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
	got := decodeEach(t, (&pieces{text, len(text) + 1}).context(schema, 10), func(b *record.Batch) {
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
	case len(got.failed) > 0 && utf8.Valid(text):
		t.Fatalf("encoding/csv accepts this text, but\n%v", got)
	case len(got.failed) == 0 && !slices.EqualFunc(rows, want, slices.Equal):
		t.Fatalf("got  %q\nwant %q", rows, want)
	}
}

// roundTrip encodes what was decoded and decodes it again.
func roundTrip(t *testing.T, schema *record.Schema, text []byte) {
	t.Helper()
	var out bytes.Buffer
	e, err := Default.NewEncoder(schema, &out)
	if err == nil {
		err = e.Header()
	}
	if err != nil {
		t.Fatal(err)
	}
	first := decodeEach(t, (&pieces{text, len(text) + 1}).context(schema, 10), func(b *record.Batch) {
		if err := e.Encode(b); err != nil {
			t.Fatal(err)
		}
	})
	second := decode(t, (&pieces{out.Bytes(), out.Len() + 1}).context(schema, 10))
	if second.err != nil || len(second.failed) > 0 || !slices.Equal(first.rows, second.rows) {
		t.Fatalf("decoded\n%v\nencoded as %q, decoded\n%v", first, out.Bytes(), second)
	}
}
