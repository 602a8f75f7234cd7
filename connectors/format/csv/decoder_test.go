package csv

import (
	"bytes"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/weirstream/weir/connectors/conntest"
	"github.com/weirstream/weir/connectors/format/input"
	"github.com/weirstream/weir/runtime/golden"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// narrow is a format whose decoders have a small buffer, so that short texts fill
// it, too.
type narrow struct{ Format }

func (n narrow) NewDecoder(c stream.DecoderContext) (stream.Decoder, error) {
	d, err := newDecoder(n.Format, c)
	if err == nil {
		d.in.Size = 64
	}
	return d, err
}

// decode decodes all of a text.
func decode(t testing.TB, c stream.DecoderContext) conntest.Decoded {
	t.Helper()
	return conntest.Decode(t, narrow{Default}, c, nil)
}

// schemaOf returns the columns of a test that occur in the first line of text.
func schemaOf(text string) *record.Schema {
	all := []record.Field{
		{Name: "id", Type: record.Int64}, {Name: "name", Type: record.String}, {Name: "share", Type: record.Float64},
		{Name: "ok", Type: record.Bool}, {Name: "at", Type: record.Timestamp},
	}
	header, _, _ := strings.Cut(text, "\n")
	header = strings.NewReplacer("\xEF\xBB\xBF", "", "\r", "", `"`, "", "na\"me", "name").Replace(header)
	var fields []record.Field
	for _, f := range all {
		if slices.Contains(strings.Split(header, ","), f.Name) {
			fields = append(fields, f)
		}
	}
	if fields == nil {
		fields = all[:2]
	}
	return record.MustSchema(fields[:len(fields):len(fields)]...)
}

func TestMalformed(t *testing.T) {
	golden.Script(t, "testdata/malformed", func(input string) string {
		var text strings.Builder
		for line := range strings.Lines(input) {
			if strings.HasPrefix(line, "#") {
				continue
			}
			line = strings.TrimSuffix(line, "\n")
			unquoted, err := strconv.Unquote(`"` + strings.ReplaceAll(line, `"`, `\"`) + `"`)
			if err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			text.WriteString(unquoted + "\n")
		}
		content := strings.TrimLeft(text.String(), "\n")
		return decode(t, stream.DecoderContext{
			Name: "t.csv", Schema: schemaOf(content), Input: strings.NewReader(content), BatchRows: 3,
		}).String()
	})
}

var pair = record.MustSchema(
	record.Field{Name: "id", Type: record.Int64},
	record.Field{Name: "name", Type: record.String},
)

// TestLimits checks cells and records that are too long, at the edge of each limit.
func TestLimits(t *testing.T) {
	long := func(n int) string { return strings.Repeat("x", n) }
	lines := strings.Repeat("y"+long(9998)+"\n", input.MaxRecord/10_000+1)
	for _, test := range []struct {
		name, text string
		rows       int
		failed     []string
	}{
		{"cell at the limit", "id,name\n1," + long(maxCell) + "\n2,b\n", 2, nil},
		{"cell above the limit", "id,name\n1," + long(maxCell+1) + "\n2,b\n", 1, []string{"t.csv:2"}},
		{"quoted cell above the limit", "id,name\n1,\"" + long(maxCell) + "\n\"\n2,b\n", 1, []string{"t.csv:2"}},
		{"record above the limit", "id,name\n1," + long(3*input.MaxRecord) + "\n2,b\n", 1, []string{"t.csv:2"}},
		{"record above the limit, last", "id,name\n2,b\n1," + long(3*input.MaxRecord), 1, []string{"t.csv:3"}},
		{"quote open for too long", "id,name\n1,\"" + long(2*input.MaxRecord) + "\n2,b\n", 1, []string{"t.csv:2"}},
		{"too many cells", "id,name\n" + strings.Repeat(",", 2*maxCells) + "\n2,b\n", 1, []string{"t.csv:2"}},
		{"too many cells, last", "id,name\n2,b\n" + strings.Repeat(",", 2*input.MaxRecord), 1, []string{"t.csv:3"}},
		{"lines behind an open quote", "id,name\n1,\"a\n2,b\n" + lines, 1, []string{"t.csv:2", "t.csv:4"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := decode(t, stream.DecoderContext{Name: "t.csv", Schema: pair, Input: strings.NewReader(test.text), BatchRows: 1024})
			if got.Err != nil {
				t.Fatal(got.Err)
			}
			var where []string
			for _, f := range got.Failed {
				if len(f.Raw) > stream.MaxRawBytes {
					t.Errorf("%s: %d raw bytes", f.Where, len(f.Raw))
				}
				where = append(where, f.Where)
			}
			where = where[:min(len(where), len(test.failed))]
			if len(got.Rows) != test.rows || !slices.Equal(where, test.failed) {
				t.Errorf("%d rows and failures at %q, want %d and %q", len(got.Rows), where, test.rows, test.failed)
			}
		})
	}
}

// TestManyCells checks that cells which nobody wants take no memory.
func TestManyCells(t *testing.T) {
	text := "id,name\n" + strings.Repeat(",", maxCells-1) + "\n" + strings.Repeat(",", input.MaxRecord-1) + "\n"
	d, err := Default.NewDecoder(stream.DecoderContext{
		Name: "t.csv", Schema: pair, Input: strings.NewReader(text), Pool: record.NewPool(), BatchRows: 10,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	_, failed, err := d.Next()
	if err != nil || len(failed) != 2 {
		t.Fatalf("failed %v, %v", failed, err)
	}
	for i, want := range []string{
		"65536 cells, the header has 2: a cell with a delimiter in it has to be quoted",
		"the record has more than 65536 cells; is a line end missing?",
	} {
		if got := failed[i].Err.Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if room := cap(d.(*Decoder).cells); room > 2*maxCells {
		t.Errorf("there is room for %d cells", room)
	}
}

// TestResume goes on from the bookmark behind every row.
func TestResume(t *testing.T) {
	c := stream.DecoderContext{Name: "t.csv", Schema: pair}
	text := "name,id\r\nada,1\n\n\"b\nb\",2\nbad\n\"c\"\"c\",3\r\nx,y\n,4\n\"\",5"
	if all := conntest.TestBookmarks(t, narrow{Default}, c, text); len(all.Rows) != 5 || len(all.Failed) != 2 {
		t.Errorf("unexpected: %v", all)
	}
	c.Input, c.Start = iotest.OneByteReader(strings.NewReader(text[:20])), stream.Bookmark{Record: 3, Offset: 30}
	if changed := decode(t, c); changed.Err == nil || !strings.Contains(changed.Err.Error(), "has the file changed?") {
		t.Errorf("going on behind the end of the file: %v", changed.Err)
	}
}

// TestResumeInLongRecord goes on from bookmarks within a record that is too long,
// which fails once.
func TestResumeInLongRecord(t *testing.T) {
	text := "id,name\n1,a\n2," + strings.Repeat("x", 3*input.MaxRecord) + "\n3,c\n4," + strings.Repeat("y", 2*input.MaxRecord)
	all := conntest.TestBookmarks(t, narrow{Default}, stream.DecoderContext{Name: "t.csv", Schema: pair}, text)
	if len(all.Rows) != 2 || len(all.Failed) != 2 {
		t.Errorf("%d rows, %d failures", len(all.Rows), len(all.Failed))
	}
}

// TestReadError returns the rows before an error, then the error.
func TestReadError(t *testing.T) {
	for _, in := range []func(io.Reader) io.Reader{func(r io.Reader) io.Reader { return r }, iotest.OneByteReader, iotest.HalfReader,
		iotest.DataErrReader} {
		input := in(io.MultiReader(strings.NewReader("id,name\n1,a\n2,b\n3,"), iotest.ErrReader(io.ErrUnexpectedEOF)))
		got := decode(t, stream.DecoderContext{Name: "t.csv", Schema: pair, Input: input, BatchRows: 1024})
		if len(got.Rows) != 2 || got.Err == nil || got.Err.Error() != "t.csv:4: record 3 cannot be read: unexpected EOF" {
			t.Errorf("%d rows, then %v", len(got.Rows), got.Err)
		}
	}
}

func TestInputNotReady(t *testing.T) {
	got := decode(t, stream.DecoderContext{
		Name: "t.csv", Schema: pair, Input: conntest.Stutter("id,name\n1,a\nx,b\n2,\"c\nc\""), BatchRows: 10,
	})
	if want := []string{`1|"a"`, `2|"c\nc"`}; !slices.Equal(got.Rows, want) || len(got.Failed) != 1 || got.Err != nil {
		t.Errorf("got %v", got)
	}
}

func TestTimestampPatterns(t *testing.T) {
	schema := record.MustSchema(record.Field{Name: "at", Type: record.Timestamp})
	for _, test := range []struct{ pattern, cell, want string }{
		{"", "2013-01-01T10:15:00Z", "2013-01-01T10:15:00Z"},
		{"", "2013-01-01 12:15:00.25+02:00", "2013-01-01T10:15:00.25Z"},
		{"s", "1357035300", "2013-01-01T10:15:00Z"},
		{"ms", "1357035300250", "2013-01-01T10:15:00.25Z"},
		{"us", "-1", "1969-12-31T23:59:59.999999Z"},
		{"ms", "9223372036854775807", "failed"},
		{"s", "1.5", "1970-01-01T00:00:01.5Z"},
		{"s", "1.5s", "failed"},
		{"%Y-%m-%d %H:%M:%S", "2013-01-01 10:15:00", "2013-01-01T10:15:00Z"},
		{"%Y-%m-%d %H:%M:%S", "2013-01-01", "failed"},
		{"%d/%b/%Y:%H:%M:%S %z", "10/Oct/2000:13:55:36 -0700", "2000-10-10T20:55:36Z"},
	} {
		got := decode(t, stream.DecoderContext{
			Name: "t.csv", Schema: schema, Patterns: []stream.Pattern{{Timestamp: test.pattern}},
			Input: strings.NewReader("at\n" + test.cell + "\n"),
		})
		switch {
		case test.want == "failed" && len(got.Failed) == 1:
		case len(got.Rows) == 1 && got.Rows[0] == test.want:
		default:
			t.Errorf("%q as %q: got %v, want %s", test.cell, test.pattern, got, test.want)
		}
	}
	for _, pattern := range []string{"%Y-%m", "%Y-%m-%d %q", "seconds"} {
		_, err := Default.NewDecoder(stream.DecoderContext{Schema: schema, Patterns: []stream.Pattern{{Timestamp: pattern}},
			Input: bytes.NewReader(nil)})
		if err == nil || !strings.Contains(err.Error(), "timestamp pattern") {
			t.Errorf("pattern %q: %v", pattern, err)
		}
	}
}
