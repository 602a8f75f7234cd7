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
	return conntest.Decode(t, narrow{}, c, nil)
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
		{"record a byte above the limit", record1 + long(input.MaxRecord-frame+1) + record2, pair, 1,
			[]string{"t.jsonl:1: the line is longer than 16 MiB; is a line end missing?"}},
		{"blank line above the limit", strings.Repeat(" ", input.MaxRecord) + "\n{}", pair, 1,
			[]string{"t.jsonl:1: the line is longer than 16 MiB; is a line end missing?"}},
		{"record above the limit", record1 + long(3*input.MaxRecord) + record2, pair, 1,
			[]string{"t.jsonl:1: the line is longer than 16 MiB; is a line end missing?"}},
		{"record above the limit, last", "{\"id\":2}\n" + record1 + long(3*input.MaxRecord), pair, 1,
			[]string{"t.jsonl:2: the line is longer than 16 MiB; is a line end missing?"}},
		{"record above the limit, alone", long(input.MaxRecord), pair, 0,
			[]string{"t.jsonl:1: the line is longer than 16 MiB; is a line end missing?"}},
		{"200 levels", nested("[", 200, "]"), pair, 1, nil},
		{"201 levels", nested("[", 201, "]"), pair, 0, []string{"t.jsonl:1: character 210: the value is nested deeper than 200 levels"}},
		{"200 levels of objects", nested(`{"a":`, 200, "}"), pair, 1, nil},
		{"201 levels of objects", nested(`{"a":`, 201, "}"), pair, 0,
			[]string{"t.jsonl:1: character 1010: the value is nested deeper than 200 levels"}},
		{"a million brackets", nested("[", 1_000_000, ""), pair, 0,
			[]string{"t.jsonl:1: character 210: the value is nested deeper than 200 levels"}},
		{"list at the limit", `{"list":[` + strings.Repeat("1,", maxListed-1) + "2]}", lists, 1, nil},
		{"list above the limit", `{"list":[` + strings.Repeat("1,", maxListed) + "2]}\n{}", lists, 1,
			[]string{`t.jsonl:1: character 8388618: column "list": the lists of the record have more than 4194304 values; split the record`}},
		{"empty structs", `{"l":[` + strings.Repeat("{},", maxListed/5) + "{}]}\n{}", structs, 1,
			[]string{`t.jsonl:1: character 2516587: column "l": the lists of the record have more than 4194304 values; split the record`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := decode(t, stream.DecoderContext{Name: "t.jsonl", Schema: test.schema, Input: strings.NewReader(test.text)})
			if got.Err != nil {
				t.Fatal(got.Err)
			}
			var failed []string
			for _, f := range got.Failed {
				if len(f.Raw) > stream.MaxRawBytes {
					t.Errorf("%s: %d raw bytes", f.Where, len(f.Raw))
				}
				failed = append(failed, f.Where+": "+f.Err.Error())
			}
			if len(got.Rows) != test.rows || !slices.Equal(failed, test.failed) {
				t.Errorf("%d rows and failures %q, want %d and %q", len(got.Rows), failed, test.rows, test.failed)
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
	d, err := newDecoder(Format{}, stream.DecoderContext{Name: "t.jsonl", Schema: schema(t, "id int64"), Input: &text,
		Pool: record.NewPool(), BatchRows: lines})
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

// TestResume goes on from the bookmark behind every row.
func TestResume(t *testing.T) {
	text := "\xEF\xBB\xBF{\"id\":1,\"name\":\"a\"}\n\n{\"id\":2}\r\nbad\n" +
		`{"name":"` + strings.Repeat("x", input.MaxRecord+10) + "\"}\n" +
		"{\"name\":null}\n  {\"id\":\"5\"}  \n{\"id\":6}"
	c := stream.DecoderContext{Name: "t.jsonl", Schema: schema(t, "id int64, name string")}
	if all := conntest.TestBookmarks(t, narrow{}, c, text); len(all.Rows) != 5 || len(all.Failed) != 2 {
		t.Errorf("%d rows, %d failures", len(all.Rows), len(all.Failed))
	}
	c.Input, c.Start = iotest.OneByteReader(strings.NewReader(text[:20])), stream.Bookmark{Record: 3, Line: 4, Offset: 30}
	changed := decode(t, c)
	if changed.Err == nil || changed.Err.Error() != "t.jsonl:5: record 4, from which to resume, "+
		"cannot be reached (has the file changed? then put the old file back, or start afresh): unexpected EOF" {
		t.Errorf("going on behind the end of the file: %v", changed.Err)
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
		if len(got.Rows) != 2 || got.Err == nil || got.Err.Error() != test.want {
			t.Errorf("%d rows, then %v", len(got.Rows), got.Err)
		}
	}
}

func TestInputNotReady(t *testing.T) {
	got := decode(t, stream.DecoderContext{
		Name: "t.jsonl", Schema: schema(t, "id int64, name string"),
		Input: conntest.Stutter("\xEF\xBB\xBF{\"id\":1,\"name\":\"a\"}\n{\"id\":x}\n{\"id\":2}"),
	})
	if want := []string{`1|"a"`, `2|null`}; !slices.Equal(got.Rows, want) || len(got.Failed) != 1 || got.Err != nil {
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
		{"", `1357035300`, `column "at[]": 1357035300 is not a timestamp in quotes; a number is declared as timestamp(s), ` +
			`timestamp(ms), timestamp(us) or timestamp(ns)`},
		{"s", `1357035300`, `"2013-01-01T10:15:00Z"`},
		{"s", `"1357035300"`, `"2013-01-01T10:15:00Z"`},
		{"ms", `1357035300250.0`, `"2013-01-01T10:15:00.25Z"`},
		{"ms", `1.35703530025e12`, `"2013-01-01T10:15:00.25Z"`},
		{"us", `-1`, `"1969-12-31T23:59:59.999999Z"`},
		{"ns", `1357035300123456789`, `"2013-01-01T10:15:00.123456Z"`},
		{"ms", `9223372036854775807`, `column "at[]": "9223372036854775807" is not in the years 0 to 9999; is the unit right?`},
		{"s", `1357035300.1234567`, `"2013-01-01T10:15:00.123457Z"`},
		{"s", `"2013-01-01T10:15:00Z"`, `column "at[]": "2013-01-01T10:15:00Z" is not a number; correct it, ` +
			`or declare how the timestamp is written`},
		{"%Y-%m-%d %H:%M:%S", `"2013-01-01 10:15:00"`, `"2013-01-01T10:15:00Z"`},
		{"%Y-%m-%d %H:%M:%S", `"2013-01-01"`, `"2013-01-01" is not a timestamp such as the pattern "%Y-%m-%d %H:%M:%S" describes`},
	} {
		got := decode(t, stream.DecoderContext{
			Schema:   record.MustSchema(record.Field{Name: "at", Type: list}),
			Patterns: []stream.Pattern{{Fields: []stream.Pattern{{Timestamp: test.pattern}}}},
			Input:    strings.NewReader(`{"at": [` + test.value + `]}`),
		})
		if len(got.Rows) == 1 && got.Rows[0] == "["+test.want+"]" {
			continue
		}
		if len(got.Failed) != 1 || !strings.Contains(got.Failed[0].Err.Error(), test.want) {
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
	got := conntest.Decode(t, narrow{Format{requireKeys: true}}, stream.DecoderContext{
		Name: "t.jsonl", Schema: schema(t, "id int64, geo struct<lat float64>"),
		Input: strings.NewReader("{\"id\":null,\"geo\":{\"lat\":1}}\n{\"id\":2}\n{\"id\":3,\"geo\":{}}\n{}\n{\"id\":5,\"geo\":null}"),
	}, nil)
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
	d, err := newDecoder(Format{}, stream.DecoderContext{Name: "t.jsonl", Schema: schema(t, "id int64"), Input: &endlessText{size},
		Pool: pool})
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
	if m := d.Bookmark(); err != io.EOF || len(failed) != 1 || m != (stream.Bookmark{Record: 1, Line: 1, Offset: size}) {
		t.Errorf("%v, %d failures, %v", err, len(failed), m)
	}
}
