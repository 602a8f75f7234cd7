package json

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

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
	return decodeAs(t, Format{}, c, look)
}

// decodeAs is decodeEach with options.
func decodeAs(t testing.TB, f Format, c stream.DecoderContext, look func(*record.Batch)) decoded {
	t.Helper()
	c.Pool = record.NewCheckedPool()
	d, err := newDecoder(f, c)
	if err != nil {
		t.Fatal(err)
	}
	d.in.Size = 64 // so that short texts fill it, too
	var out decoded
	for err == nil || err == stream.ErrNotReady {
		var b *record.Batch
		var failed []stream.FailedRecord
		b, failed, err = d.Next()
		if b != nil {
			out.rows = append(out.rows, rows(b)...)
			look(b)
			b.Release()
		}
		out.failed = append(out.failed, failed...)
		out.marks = append(out.marks, d.Mark())
		out.counts = append(out.counts, len(out.rows))
	}
	if err != io.EOF {
		out.err = err
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

// rows draws the rows of a batch.
func rows(b *record.Batch) []string {
	var rows []string
	for row := range b.Len() {
		var cells []string
		for _, c := range b.Columns {
			cells = append(cells, string(c.AppendJSON(nil, row)))
		}
		rows = append(rows, strings.Join(cells, "|"))
	}
	return rows
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

// schema returns the schema whose columns are those of a struct's text.
func schema(t testing.TB, text string) *record.Schema {
	t.Helper()
	s, err := record.ParseType("struct<" + text + ">")
	if err != nil {
		t.Fatal(err)
	}
	return record.MustSchema(s.Fields()...)
}

var escapedByte = regexp.MustCompile(`<[0-9a-f]{2}>`)

func TestGolden(t *testing.T) {
	for _, name := range []string{"values", "malformed"} {
		golden.Script(t, filepath.Join("testdata", name), func(script string) string {
			for strings.HasPrefix(script, "#") {
				_, script, _ = strings.Cut(script, "\n")
			}
			columns, text, _ := strings.Cut(script, "\n")
			text = strings.TrimSuffix(text, "<end>\n")
			text = escapedByte.ReplaceAllStringFunc(text, func(s string) string {
				b, _ := strconv.ParseUint(s[1:3], 16, 8) // as it matches
				return string([]byte{byte(b)})
			})
			return decode(t, stream.DecoderContext{
				Name: "t.jsonl", Schema: schema(t, columns), Input: strings.NewReader(text), BatchRows: 3,
			}).String()
		})
	}
}

// TestLimits checks what is too long, too deep or too much, at the edge of each
// limit.
func TestLimits(t *testing.T) {
	pair := schema(t, "id int64, name string")
	lists := schema(t, "id int64, list list<int64>")
	structs := schema(t, "l list<struct<a int64, b struct<c int64, d list<bool>>>>")
	long := func(n int) string { return strings.Repeat("x", n) }
	nested := func(open string, levels int, end string) string {
		return `{"other":` + strings.Repeat(open, levels) + "0" + strings.Repeat(end, levels) + `,"id":1}`
	}
	record1, record2 := "{\"id\":1,\"name\":\"", "\"}\n{\"id\":2}\n"
	frame := len(record1) + len("\"}\n")
	for _, test := range []struct {
		name, text string
		schema     *record.Schema
		rows       int
		failed     []string
	}{
		{"record at the limit", record1 + long(input.MaxRecord-frame) + record2, pair, 2, nil},
		{"record at the limit, last", record1 + long(input.MaxRecord-frame) + "\"}", pair, 1, nil},
		{"record a byte above the limit", record1 + long(input.MaxRecord-frame+1) + record2, pair, 1, []string{"t.jsonl:1: the line is longer than 16 MiB; is a line end missing?"}},
		{"blank line above the limit", strings.Repeat(" ", input.MaxRecord) + "\n{}", pair, 1, []string{"t.jsonl:1: the line is longer than 16 MiB; is a line end missing?"}},
		{"record above the limit", record1 + long(3*input.MaxRecord) + record2, pair, 1, []string{"t.jsonl:1: the line is longer than 16 MiB; is a line end missing?"}},
		{"record above the limit, last", "{\"id\":2}\n" + record1 + long(3*input.MaxRecord), pair, 1, []string{"t.jsonl:2: the line is longer than 16 MiB; is a line end missing?"}},
		{"record above the limit, alone", long(input.MaxRecord), pair, 0, []string{"t.jsonl:1: the line is longer than 16 MiB; is a line end missing?"}},
		{"200 levels", nested("[", 200, "]"), pair, 1, nil},
		{"201 levels", nested("[", 201, "]"), pair, 0, []string{"t.jsonl:1: character 210: the value is nested deeper than 200 levels"}},
		{"200 levels of objects", nested(`{"a":`, 200, "}"), pair, 1, nil},
		{"201 levels of objects", nested(`{"a":`, 201, "}"), pair, 0, []string{"t.jsonl:1: character 1010: the value is nested deeper than 200 levels"}},
		{"a million brackets", nested("[", 1_000_000, ""), pair, 0, []string{"t.jsonl:1: character 210: the value is nested deeper than 200 levels"}},
		{"list at the limit", `{"list":[` + strings.Repeat("1,", maxListed-1) + "2]}", lists, 1, nil},
		{"list above the limit", `{"list":[` + strings.Repeat("1,", maxListed) + "2]}\n{}", lists, 1, []string{`t.jsonl:1: character 8388618: column "list": the lists of the record have more than 4194304 values; split the record`}},
		{"empty structs", `{"l":[` + strings.Repeat("{},", maxListed/5) + "{}]}\n{}", structs, 1, []string{`t.jsonl:1: character 2516587: column "l": the lists of the record have more than 4194304 values; split the record`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := decode(t, stream.DecoderContext{Name: "t.jsonl", Schema: test.schema, Input: strings.NewReader(test.text)})
			if got.err != nil {
				t.Fatal(got.err)
			}
			var failed []string
			for _, f := range got.failed {
				if len(f.Raw) > stream.MaxRawBytes {
					t.Errorf("%s: %d raw bytes", f.Where, len(f.Raw))
				}
				failed = append(failed, f.Where+": "+f.Err.Error())
			}
			if len(got.rows) != test.rows || !slices.Equal(failed, test.failed) {
				t.Errorf("%d rows and failures %q, want %d and %q", len(got.rows), failed, test.rows, test.failed)
			}
		})
	}
}

// TestManyKeys checks that keys which nobody wants take no memory without end.
func TestManyKeys(t *testing.T) {
	var text bytes.Buffer
	const lines = 10_000
	for i := range lines {
		fmt.Fprintf(&text, "{\"key%d\":1,\"id\":%d,%q:2}\n", i, i, strings.Repeat("k", i))
	}
	d, err := newDecoder(Format{}, stream.DecoderContext{Name: "t.jsonl", Schema: schema(t, "id int64"), Input: &text, Pool: record.NewPool(), BatchRows: lines})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	n := 0
	for err == nil {
		var b *record.Batch
		var failed []stream.FailedRecord
		if b, failed, err = d.Next(); failed != nil {
			t.Fatal(failed[0].Err)
		}
		if b != nil {
			for _, id := range b.Columns[0].Int64s() {
				if id != int64(n) {
					t.Fatalf("row %d has id %d", n, id)
				}
				n++
			}
			b.Release()
		}
	}
	if n != lines || len(d.root.byName) > maxMembers+1 {
		t.Errorf("%d rows; %d keys are known", n, len(d.root.byName))
	}
}

// TestResume goes on from the mark behind every batch, by seeking and without.
func TestResume(t *testing.T) {
	text := "\xEF\xBB\xBF{\"id\":1,\"name\":\"a\"}\n\n{\"id\":2}\r\nbad\n" +
		`{"name":"` + strings.Repeat("x", input.MaxRecord+10) + "\"}\n" +
		"{\"name\":null}\n  {\"id\":\"5\"}  \n{\"id\":6}"
	context := func(input io.Reader, start stream.Mark) stream.DecoderContext {
		return stream.DecoderContext{Name: "t.jsonl", Schema: schema(t, "id int64, name string"), Input: input, BatchRows: 1, Start: start}
	}
	all := decode(t, context(strings.NewReader(text), stream.Mark{}))
	if len(all.rows) != 5 || len(all.failed) != 2 {
		t.Fatalf("%d rows, %d failures", len(all.rows), len(all.failed))
	}
	for i, mark := range all.marks {
		for _, input := range []io.Reader{strings.NewReader(text), struct{ io.Reader }{strings.NewReader(text)}} {
			got := decode(t, context(input, mark))
			failed := all.failed[mark.Record-int64(all.counts[i]):]
			if want := (decoded{rows: all.rows[all.counts[i]:], failed: failed}); got.String() != want.String() {
				t.Errorf("from %+v:\n%v\nwant\n%v", mark, got, want)
			}
		}
	}
	changed := decode(t, context(iotest.OneByteReader(strings.NewReader(text[:20])), stream.Mark{Record: 3, Line: 4, Offset: 30}))
	if changed.err == nil || changed.err.Error() != "t.jsonl:5: the record to go on with, 4, cannot be reached (has the file changed?): unexpected EOF" {
		t.Errorf("going on behind the end of the file: %v", changed.err)
	}
}

// TestReadError returns the rows before an error, then the error.
func TestReadError(t *testing.T) {
	for _, test := range []struct {
		err  error
		want string
	}{
		{io.ErrUnexpectedEOF, "t.jsonl:3: record 3 cannot be read: unexpected EOF"},
		{&stream.DamagedError{Where: "t.jsonl.gz", Err: io.ErrUnexpectedEOF}, "t.jsonl:3: record 3 cannot be read: unexpected EOF"},
	} {
		input := io.MultiReader(strings.NewReader("{\"id\":1}\n{\"id\":2}\n{\"id\""), iotest.ErrReader(test.err))
		got := decode(t, stream.DecoderContext{Name: "t.jsonl", Schema: schema(t, "id int64"), Input: input})
		if len(got.rows) != 2 || got.err == nil || got.err.Error() != test.want {
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
	got := decode(t, stream.DecoderContext{
		Name: "t.jsonl", Schema: schema(t, "id int64, name string"),
		Input: &stutter{text: "\xEF\xBB\xBF{\"id\":1,\"name\":\"a\"}\n{\"id\":x}\n{\"id\":2}"},
	})
	if want := []string{`1|"a"`, `2|null`}; !slices.Equal(got.rows, want) || len(got.failed) != 1 || got.err != nil {
		t.Errorf("got %v", got)
	}
}

func TestTimestampPatterns(t *testing.T) {
	list := record.ListOf(record.Timestamp)
	for _, test := range []struct {
		pattern, value, want string
	}{
		{"", `"2013-01-01T10:15:00Z"`, `"2013-01-01T10:15:00Z"`},
		{"", `"2013-01-01 12:15:00.25+02:00"`, `"2013-01-01T10:15:00.25Z"`},
		{"", `"2013-01-01T10:15:00\u005A"`, `"2013-01-01T10:15:00Z"`},
		{"", `1357035300`, `column "at[]": 1357035300 is no timestamp in quotes; a number is declared as timestamp(s), timestamp(ms) or timestamp(us)`},
		{"s", `1357035300`, `"2013-01-01T10:15:00Z"`},
		{"s", `"1357035300"`, `"2013-01-01T10:15:00Z"`},
		{"ms", `1357035300250.0`, `"2013-01-01T10:15:00.25Z"`},
		{"ms", `1.35703530025e12`, `"2013-01-01T10:15:00.25Z"`},
		{"us", `-1`, `"1969-12-31T23:59:59.999999Z"`},
		{"ms", `9223372036854775807`, `column "at[]": "9223372036854775807" is outside the range of timestamps; is the unit right?`},
		{"s", `1357035300.1234567`, `"2013-01-01T10:15:00.123457Z"`},
		{"s", `"2013-01-01T10:15:00Z"`, `column "at[]": "2013-01-01T10:15:00Z" is not a number; correct it, or declare how the timestamp is written`},
		{"%Y-%m-%d %H:%M:%S", `"2013-01-01 10:15:00"`, `"2013-01-01T10:15:00Z"`},
		{"%Y-%m-%d %H:%M:%S", `"2013-01-01"`, `"2013-01-01" is not a timestamp such as the pattern "%Y-%m-%d %H:%M:%S" describes`},
	} {
		got := decode(t, stream.DecoderContext{
			Schema:   record.MustSchema(record.Field{Name: "at", Type: list}),
			Patterns: []stream.Pattern{{Fields: []stream.Pattern{{Timestamp: test.pattern}}}},
			Input:    strings.NewReader(`{"at": [` + test.value + `]}`),
		})
		if len(got.rows) == 1 && got.rows[0] == "["+test.want+"]" {
			continue
		}
		if len(got.failed) != 1 || !strings.Contains(got.failed[0].Err.Error(), test.want) {
			t.Errorf("%s as %q: got %v, want %s", test.value, test.pattern, got, test.want)
		}
	}
	_, err := newDecoder(Format{}, stream.DecoderContext{
		Schema:   record.MustSchema(record.Field{Name: "at", Type: list}),
		Patterns: []stream.Pattern{{Fields: []stream.Pattern{{Timestamp: "%Y-%m"}}}},
	})
	if err == nil || !strings.HasPrefix(err.Error(), `column "at[]": timestamp pattern`) {
		t.Errorf("a pattern without a day: %v", err)
	}
}

// TestRequireKeys fails records that say nothing about a column, at any level.
func TestRequireKeys(t *testing.T) {
	got := decodeAs(t, Format{requireKeys: true}, stream.DecoderContext{
		Name: "t.jsonl", Schema: schema(t, "id int64, geo struct<lat float64>"),
		Input: strings.NewReader("{\"id\":null,\"geo\":{\"lat\":1}}\n{\"id\":2}\n{\"id\":3,\"geo\":{}}\n{}\n{\"id\":5,\"geo\":null}"),
	}, func(*record.Batch) {})
	const want = `null|{"lat":1}
5|null
failed t.jsonl:2: character 8: the key "geo" is missing; is it written differently in the schema?
  raw "{\"id\":2}"
failed t.jsonl:3: character 16: the key "geo.lat" is missing; is it written differently in the schema?
  raw "{\"id\":3,\"geo\":{}}"
failed t.jsonl:4: character 2: the key "id" is missing; is it written differently in the schema?
  raw "{}"
`
	if got.String() != want {
		t.Errorf("got\n%v\nwant\n%s", got, want)
	}
}

// endlessText is a text of one letter, without line ends.
type endlessText struct{ left int }

func (e *endlessText) Read(p []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n := min(len(p), e.left)
	e.left -= n
	for i := range p[:n] {
		p[i] = 'x'
	}
	return n, nil
}

// TestEndlessLine checks that a line which does not end takes bounded memory, as
// one out of a decompression bomb.
func TestEndlessLine(t *testing.T) {
	const size = 128 << 20
	pool := record.NewPool()
	d, err := newDecoder(Format{}, stream.DecoderContext{Name: "t.jsonl", Schema: schema(t, "id int64"), Input: &endlessText{size}, Pool: pool})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	var failed []stream.FailedRecord
	for err == nil {
		var f []stream.FailedRecord
		_, f, err = d.Next()
		failed = append(failed, f...)
		if n := len(d.in.Buf); n > 2*input.MaxRecord {
			t.Fatalf("the buffer has %d bytes", n)
		}
	}
	if m := d.Mark(); err != io.EOF || len(failed) != 1 || m != (stream.Mark{Record: 1, Line: 1, Offset: size}) {
		t.Errorf("%v, %d failures, %v", err, len(failed), m)
	}
}
