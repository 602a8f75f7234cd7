package json

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/weirstream/weir/connectors/conntest"
	"github.com/weirstream/weir/connectors/format/input"
	"github.com/weirstream/weir/runtime/golden"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// withRows returns the format that reads the rows at a path; "" is none.
func withRows(t testing.TB, text string) Format {
	t.Helper()
	if text == "" {
		return Format{}
	}
	p, err := parsePath(text)
	if err != nil {
		t.Fatal(err)
	}
	return Format{rows: p}
}

// TestDocuments reads documents, also in pieces and from every bookmark.
func TestDocuments(t *testing.T) {
	golden.Script(t, filepath.Join("testdata", "documents"), func(script string) string {
		for strings.HasPrefix(script, "#") {
			_, script, _ = strings.Cut(script, "\n")
		}
		head, text, _ := strings.Cut(script, "\n")
		rows, columns, _ := strings.Cut(head, " ")
		if text = strings.TrimSuffix(text, "<end>\n"); rows == "-" {
			rows = ""
		}
		f := narrow{withRows(t, rows)}
		c := stream.DecoderContext{Name: "t.json", Schema: schema(t, columns), Input: strings.NewReader(text), BatchRows: 2}
		whole := conntest.Decode(t, f, c, nil)
		c.Input = conntest.Stutter(text)
		if got := conntest.Decode(t, f, c, nil); got.String() != whole.String() {
			t.Errorf("byte by byte:\n%v\nwhole:\n%v", got, whole)
		}
		if whole.Err == nil {
			conntest.TestBookmarks(t, f, c, text)
		}
		return whole.String()
	})
}

// TestPaths reads paths of rows, or says what is wrong with them.
func TestPaths(t *testing.T) {
	golden.Script(t, filepath.Join("testdata", "paths"), func(text string) string {
		p, err := parsePath(strings.TrimSuffix(text, "\n"))
		if err != nil {
			return err.Error() + "\n"
		}
		return fmt.Sprintf("%+v, then %q\n", p.units, p.inner)
	})
}

// TestLongRows: a row that is too long fails alone, in bounded memory, wherever its
// end is.
func TestLongRows(t *testing.T) {
	long := func(n int) string { return strings.Repeat("x", n) }
	for _, test := range []struct {
		name, row string
		rows      int
		failed    string
		err       string
	}{
		{"at the limit", `{"id":2,"name":"` + long(input.MaxRecord-19) + `"}`, 3, "", ""},
		{"above the limit", `{"id":2,"name":"` + long(input.MaxRecord-18) + `"}`, 2, "t.json:2:2: the row is longer than 16 MiB", ""},
		{"far above it", "{\"id\":2,\n\"name\":\"" + long(3*input.MaxRecord) + "\"\n}", 2, "t.json:2:2: the row is longer than 16 MiB", ""},
		{"without an end", `{"id":2,"name":"` + long(3*input.MaxRecord), 1, "", "t.json:2:2: record 2 is longer than 16 MiB and the file ends within it"},
		{"broken before that", "{\"id\":2,\"name\":\"x\n\",\"name\":x" + long(3*input.MaxRecord), 1, "",
			"t.json:2:19: record 2 is no JSON, and where the next one begins cannot be told: the line ends within a string"},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := "[{\"id\":1}\n," + test.row + "\n,\n {\"id\":3}]"
			got := decode(t, stream.DecoderContext{Name: "t.json", Schema: schema(t, "id int64"), Input: strings.NewReader(text)})
			failed := ""
			for _, f := range got.Failed {
				failed += f.Where + ": " + f.Err.Error()
			}
			if len(got.Rows) != test.rows || !strings.HasPrefix(failed, test.failed) || (failed == "") != (test.failed == "") ||
				(got.Err == nil) != (test.err == "") || got.Err != nil && !strings.HasPrefix(got.Err.Error(), test.err) {
				t.Errorf("%d rows, failed %q, error %v", len(got.Rows), failed, got.Err)
			}
		})
	}
}

// TestPlaceBehindLongRow: a row on the line on which one ends that is too long, and begins
// on another one, is told by its own line and column.
func TestPlaceBehindLongRow(t *testing.T) {
	long := "\"name\":\"" + strings.Repeat("x", 3*input.MaxRecord) + "\"}, "
	for text, want := range map[string]string{
		"[{\"id\":1,\n" + long + "{\"id\":\"x\"}]":                            fmt.Sprintf("t.json:2:%d", len(long)+7),
		"[{\"id\":1,\n" + long[:len(long)-3] + ",\n\"a\":2}, {\"id\":\"x\"}]": "t.json:3:15",
	} {
		got := decode(t, stream.DecoderContext{Name: "t.json", Schema: schema(t, "id int64"), Input: strings.NewReader(text)})
		if len(got.Failed) != 2 || got.Failed[0].Where != "t.json:1:2" || got.Failed[1].Where != want {
			t.Errorf("%.200v, want %s", got, want)
		}
	}
}

// TestLikeLines: a list of objects holds what the same objects as lines hold, wherever
// blanks and line ends stand, in whatever pieces it comes, and after a break anywhere.
func TestLikeLines(t *testing.T) {
	objects := []string{`{"id":1,"name":"a"}`, `{}`, `{"name":"x\"]},{[\\","id":2}`, `{"id":"x"}`, `{"id":1.5,"name":"ü"}`,
		`{"other":{"a":[1,[2,{}],"}"]},"id":3}`, `{"id":4,"id":5}`, `{"id":NaN}`, `{"id":01}`, `{"name":"\q"}`, `7`, `"text"`, `null`, `[{"id":6}]`}
	blanks := []string{"", "", " ", "\n", "\r\n", "\t", " \n  "}
	trial.Run(t, 100, func(c *trial.Case) {
		blank := func() string { return blanks[c.Random.IntN(len(blanks))] }
		lines, list := []string{"{}"}, []string{"{}"} // what begins with a list would be one
		for range c.Random.IntN(12) {
			o := objects[c.Random.IntN(len(objects))]
			lines = append(lines, o)
			if o[0] == '{' && len(o) > 2 && o[1] == '"' {
				o = "{" + blank() + o[1:len(o)-1] + blank() + "}"
			}
			list = append(list, blank()+o+blank())
		}
		document := blank() + "{\"a\" :" + blank() + "{}, \"rows\":[" + strings.Join(list, ",") + "]" + blank() + "," + blank() + "\"b\":[[{}]]}" + blank()
		context := stream.DecoderContext{Name: "t", Schema: schema(c, "id int64, name string"), BatchRows: 1 + c.Random.IntN(4)}
		context.Input = strings.NewReader(strings.Join(lines, "\n"))
		want := conntest.Decode(c, narrow{}, context, nil)
		f := narrow{withRows(c, "$.rows[*]")}
		got := conntest.TestBookmarks(c, f, context, document)
		if strings.Join(got.Rows, "\n") != strings.Join(want.Rows, "\n") || len(got.Failed) != len(want.Failed) || got.Err != nil {
			c.Fatalf("%s:\n%v\nas lines:\n%v", document, got, want)
		}
		cut := strings.TrimRight(document, " \t\r\n")
		context.Input = strings.NewReader(cut[:c.Random.IntN(len(cut))])
		if got := conntest.Decode(c, f, context, nil); got.Err == nil && len(got.Rows) > 0 {
			c.Fatalf("%s, cut short:\n%v", document, got)
		}
	})
}

// FuzzDocuments: any text gives the same in whatever pieces it comes.
func FuzzDocuments(f *testing.F) {
	f.Add([]byte("[{\"a\":1},\n {\"a\":\"x\"} ,3]{\"a\":[1]}"), uint8(1), uint8(3))
	f.Add([]byte("{\"a\":[{\"a\":{\"b\":1}}],\"b\":\"\\u00e9\"}"), uint8(2), uint8(1))
	f.Fuzz(func(t *testing.T, text []byte, which, n uint8) {
		format := narrow{withRows(t, []string{"$", "$[*]", "$.a[*]", "$.a[*].a", "$[*].a[*]"}[which%5])}
		c := context(schema(t, "a string, b string"), text, len(text)+1, 1024)
		whole := conntest.Decode(t, format, c, nil)
		c = context(schema(t, "a string, b string"), text, int(n)+1, 1+int(n)%5)
		if split := conntest.Decode(t, format, c, nil); whole.String() != split.String() {
			t.Fatalf("in pieces of %d bytes:\n%v\nwhole:\n%v", int(n)+1, split, whole)
		}
	})
}

// endlessList is a list without an end, on one line.
type endlessList struct{ left int }

func (e *endlessList) Read(p []byte) (n int, err error) {
	const object = `{"id":1,"name":"text"},`
	for len(p)-n >= len(object) && e.left > 0 {
		n += copy(p[n:], object)
		e.left--
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// TestLongLine reads a list that is one line in a small buffer.
func TestLongLine(t *testing.T) {
	const rows = 1_000_000
	input := io.MultiReader(strings.NewReader("["), &endlessList{rows}, strings.NewReader("{}]"))
	d, err := newDecoder(Format{}, stream.DecoderContext{Name: "t.json", Schema: schema(t, "id int64"), Input: input, Pool: record.NewPool()})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	n := 0
	for err == nil {
		b, failed, e := d.Next()
		if err = e; b != nil {
			n += b.Len()
			b.Release()
		}
		if len(failed) > 0 || len(d.in.Buf) > 1<<20 {
			t.Fatalf("%v, %d bytes of buffer", failed, len(d.in.Buf))
		}
	}
	if err != io.EOF || n != rows+1 {
		t.Errorf("%d rows, %v", n, err)
	}
}

// asList is a sample as one list, on lines of their own or on one.
func asList(s conntest.Sample, between string) conntest.Sample {
	lines := bytes.TrimSuffix(s.Text, newline)
	s.Text = []byte("[" + strings.ReplaceAll(string(lines), "\n", between) + "]")
	return s
}

func TestListsAllocateNothingPerRow(t *testing.T) { asList(bids(t), ",").TestDecode(t, 4600, 0.02) }

func BenchmarkDecodeLists(b *testing.B) {
	b.Run("one line", asList(bids(b), ",").BenchmarkDecode)
	b.Run("a line each", asList(bids(b), ",\n").BenchmarkDecode)
	indented := asList(bids(b), ",\n")
	indented.Text = bytes.ReplaceAll(indented.Text, []byte(`,"`), []byte(",\n  \""))
	b.Run("indented", indented.BenchmarkDecode)
}

// TestAlone reads the raw bytes of a record that has failed as it was read among
// others.
func TestAlone(t *testing.T) {
	for _, test := range []struct{ rows, text string }{
		{"", "{\"id\":\"a\"}\n{\"id\":1}x\n"},
		{"", "[{\"id\":\"a\"},\n{\n\"id\":\n\"b\"\n}]"},
		{"$[*]", "[{\"id\":\"a\"},\n{\n\"id\":\n\"b\"\n}]"},
		{"$.a[*].b", "{\"a\":[{\"b\":{\"id\":\"a\"}},\n{\"b\":{\"id\":\n\"b\"}}]}"},
		{"$", "{\"id\":\"a\"}{\n\"id\":\"b\"}"},
	} {
		f := withRows(t, test.rows)
		c := stream.DecoderContext{Schema: schema(t, "id int64"), Input: strings.NewReader(test.text)}
		got := conntest.Decode(t, f, c, nil)
		if len(got.Failed) != 2 || got.Err != nil {
			t.Fatalf("%s: %v", test.text, got)
		}
		for _, failed := range got.Failed {
			c.Input = bytes.NewReader(failed.Raw)
			again := conntest.Decode(t, f.Alone(), c, nil)
			if len(again.Failed) != 1 || again.Err != nil || string(again.Failed[0].Raw) != string(failed.Raw) ||
				!strings.HasSuffix(failed.Err.Error(), strings.TrimPrefix(again.Failed[0].Err.Error(), "character 7: ")) {
				t.Errorf("%s: alone %v, want %s", failed.Raw, again, failed.Err)
			}
		}
	}
	if _, err := withRows(t, "$").NewEncoder(schema(t, "id int64"), nil); err == nil {
		t.Error("a document is written")
	}
}
