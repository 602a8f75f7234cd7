package csv

import (
	"bytes"
	"fmt"
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

// decoded is all that came out of a text.
type decoded struct {
	rows   []string
	failed []stream.FailedRecord
	marks  []stream.Mark // behind each batch
	counts []int         // rows before each mark
	err    error         // nil at the natural end
}

// decode decodes from a mark, with a checked pool.
func decode(t testing.TB, c stream.DecoderContext) decoded {
	t.Helper()
	return decodeEach(t, c, func(*record.Batch) {})
}

// decodeEach is decode, with a look at each batch.
func decodeEach(t testing.TB, c stream.DecoderContext, look func(*record.Batch)) decoded {
	t.Helper()
	c.Pool = record.NewCheckedPool()
	d, err := Default.NewDecoder(c)
	if err != nil {
		t.Fatal(err)
	}
	d.(*Decoder).in.Size = 64 // so that short texts fill it, too
	var out decoded
	for {
		b, failed, err := d.Next()
		if b != nil {
			out.rows = append(out.rows, conntest.Rows(b)...)
			look(b)
			b.Release()
		}
		out.failed = append(out.failed, failed...)
		if err != nil {
			if err != io.EOF {
				out.err = err
			}
			break
		}
		out.marks = append(out.marks, d.Mark())
		out.counts = append(out.counts, len(out.rows))
	}
	if n := d.Mark().Record; out.err == nil && n != c.Start.Record+int64(len(out.rows)+len(out.failed)) {
		t.Errorf("the mark counts %d records behind %d, but %d rows and %d failures came", n, c.Start.Record, len(out.rows), len(out.failed))
	}
	d.Close()
	if err := c.Pool.Check(); err != nil {
		t.Error(err)
	}
	return out
}

func (d decoded) String() string {
	var b strings.Builder
	for _, r := range d.rows {
		fmt.Fprintln(&b, r)
	}
	for _, f := range d.failed {
		fmt.Fprintf(&b, "failed %s: %v\n  raw %q\n", f.Where, f.Err, f.Raw)
	}
	if d.err != nil {
		fmt.Fprintf(&b, "error: %v\n", d.err)
	}
	return b.String()
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
			if got.err != nil {
				t.Fatal(got.err)
			}
			var where []string
			for _, f := range got.failed {
				if len(f.Raw) > stream.MaxRawBytes {
					t.Errorf("%s: %d raw bytes", f.Where, len(f.Raw))
				}
				where = append(where, f.Where)
			}
			where = where[:min(len(where), len(test.failed))]
			if len(got.rows) != test.rows || !slices.Equal(where, test.failed) {
				t.Errorf("%d rows and failures at %q, want %d and %q", len(got.rows), where, test.rows, test.failed)
			}
		})
	}
}

// TestManyCells checks that cells which nobody wants take no memory.
func TestManyCells(t *testing.T) {
	text := "id,name\n" + strings.Repeat(",", maxCells-1) + "\n" + strings.Repeat(",", input.MaxRecord) + "\n"
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

// TestResume goes on from the mark behind every batch, by seeking and without.
func TestResume(t *testing.T) {
	text := "name,id\r\nada,1\n\n\"b\nb\",2\nbad\n\"c\"\"c\",3\r\nx,y\n,4\n\"\",5"
	context := func(input io.Reader, start stream.Mark) stream.DecoderContext {
		return stream.DecoderContext{Name: "t.csv", Schema: pair, Input: input, BatchRows: 1, Start: start}
	}
	all := decode(t, context(strings.NewReader(text), stream.Mark{}))
	if len(all.rows) != 5 || len(all.failed) != 2 {
		t.Fatalf("unexpected: %v", all)
	}
	for i, mark := range all.marks {
		for _, input := range []io.Reader{strings.NewReader(text), iotest.OneByteReader(strings.NewReader(text))} {
			got := decode(t, context(input, mark))
			failed := all.failed[mark.Record-int64(all.counts[i]):]
			if want := (decoded{rows: all.rows[all.counts[i]:], failed: failed}); got.String() != want.String() {
				t.Errorf("from %+v:\n%v\nwant\n%v", mark, got, want)
			}
		}
	}
	changed := decode(t, context(iotest.OneByteReader(strings.NewReader(text[:20])), stream.Mark{Record: 3, Offset: 30}))
	if changed.err == nil || !strings.Contains(changed.err.Error(), "has the file changed?") {
		t.Errorf("going on behind the end of the file: %v", changed.err)
	}
}

// TestResumeInLongRecord goes on from marks within a record that is too long,
// which fails once.
func TestResumeInLongRecord(t *testing.T) {
	text := "id,name\n1,a\n2," + strings.Repeat("x", 3*input.MaxRecord) + "\n3,c\n4," + strings.Repeat("y", 2*input.MaxRecord)
	context := func(start stream.Mark) stream.DecoderContext {
		return stream.DecoderContext{Name: "t.csv", Schema: pair, Input: strings.NewReader(text), BatchRows: 1, Start: start}
	}
	all := decode(t, context(stream.Mark{}))
	if len(all.rows) != 2 || len(all.failed) != 2 {
		t.Fatalf("%d rows, %d failures", len(all.rows), len(all.failed))
	}
	for i, mark := range all.marks {
		got := decode(t, context(mark))
		if rows, failed := len(all.rows)-all.counts[i], len(all.failed)-int(mark.Record)+all.counts[i]; len(got.rows) != rows || len(got.failed) != failed {
			t.Errorf("from %+v: %d rows and %d failures, want %d and %d", mark, len(got.rows), len(got.failed), rows, failed)
		}
	}
}

// TestReadError returns the rows before an error, then the error.
func TestReadError(t *testing.T) {
	for _, in := range []func(io.Reader) io.Reader{func(r io.Reader) io.Reader { return r }, iotest.OneByteReader, iotest.HalfReader, iotest.DataErrReader} {
		input := in(io.MultiReader(strings.NewReader("id,name\n1,a\n2,b\n3,"), iotest.ErrReader(io.ErrUnexpectedEOF)))
		got := decode(t, stream.DecoderContext{Name: "t.csv", Schema: pair, Input: input, BatchRows: 1024})
		if len(got.rows) != 2 || got.err == nil || got.err.Error() != "t.csv:4: record 3 cannot be read: unexpected EOF" {
			t.Errorf("%d rows, then %v", len(got.rows), got.err)
		}
	}
}

// stutter is not ready before each byte.
type stutter struct {
	text  string
	ready bool
}

func (s *stutter) Read(p []byte) (int, error) {
	if s.ready = !s.ready; s.ready {
		return 0, stream.ErrNotReady
	}
	if s.text == "" {
		return 0, io.EOF
	}
	n := copy(p[:1], s.text)
	s.text = s.text[n:]
	return n, nil
}

func TestInputNotReady(t *testing.T) {
	pool := record.NewCheckedPool()
	d, err := Default.NewDecoder(stream.DecoderContext{
		Name: "t.csv", Schema: pair, Input: &stutter{text: "id,name\n1,a\nx,b\n2,\"c\nc\""}, Pool: pool, BatchRows: 10,
	})
	if err != nil {
		t.Fatal(err)
	}
	var got decoded
	for err != io.EOF {
		var b *record.Batch
		var failed []stream.FailedRecord
		if b, failed, err = d.Next(); err != nil && err != io.EOF && err != stream.ErrNotReady {
			t.Fatal(err)
		}
		if b != nil {
			got.rows = append(got.rows, conntest.Rows(b)...)
			b.Release()
		}
		got.failed = append(got.failed, failed...)
	}
	d.Close()
	if want := []string{`1|"a"`, `2|"c\nc"`}; !slices.Equal(got.rows, want) || len(got.failed) != 1 {
		t.Errorf("got %v", got)
	}
	if err := pool.Check(); err != nil {
		t.Error(err)
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
			Name: "t.csv", Schema: schema, Patterns: []stream.Pattern{{Timestamp: test.pattern}}, Input: strings.NewReader("at\n" + test.cell + "\n"),
		})
		switch {
		case test.want == "failed" && len(got.failed) == 1:
		case len(got.rows) == 1 && got.rows[0] == test.want:
		default:
			t.Errorf("%q as %q: got %v, want %s", test.cell, test.pattern, got, test.want)
		}
	}
	for _, pattern := range []string{"%Y-%m", "%Y-%m-%d %q", "seconds"} {
		_, err := Default.NewDecoder(stream.DecoderContext{Schema: schema, Patterns: []stream.Pattern{{Timestamp: pattern}}, Input: bytes.NewReader(nil)})
		if err == nil || !strings.Contains(err.Error(), "timestamp pattern") {
			t.Errorf("pattern %q: %v", pattern, err)
		}
	}
}
