package csv

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/weirstream/weir/connectors/conntest"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/golden"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// entries are the keys of a format, given as JSON.
func entries(t testing.TB, text string) []component.Entry {
	t.Helper()
	var all []component.Entry
	d := json.NewDecoder(strings.NewReader(text))
	for key := ""; ; key = "" {
		token, err := d.Token()
		if err == io.EOF || token == json.Delim('}') {
			return all
		}
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if token == json.Delim('{') {
			continue
		}
		key = token.(string)
		var value any
		if err := d.Decode(&value); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		v := component.TextValue(fmt.Sprint(value))
		if list, ok := value.([]any); ok {
			v = component.ListOf()
			for _, one := range list {
				v.List = append(v.List, component.TextValue(fmt.Sprint(one)))
			}
		}
		all = append(all, component.Entry{Key: key, Value: v})
	}
}

// newDialect makes a format of keys in JSON.
func newDialect(t testing.TB, text string, sink bool) (f Format, err error) {
	t.Helper()
	c, problems := component.NewConfig(&Type.Spec, component.Position{File: "job.yaml"}, entries(t, text))
	if problems != nil {
		return f, problems
	}
	made, err := Type.New(c)
	if err != nil {
		return f, err
	}
	if sink {
		err = Type.Writes(c)
	}
	return made.(Format), err
}

// dialect is a case of a script: keys of a format, a schema, and a text.
type dialect struct {
	keys   string
	fields []record.Field
	text   string
}

// readDialect reads a case: a line "format" with the keys in JSON, a line "schema", and
// the lines of a text, each behind a bar, with <CR>, <TAB>, <SOH>,
// <BOM> and <EOF>.
func readDialect(t testing.TB, input string) (d dialect) {
	t.Helper()
	d.keys = "{}"
	for line := range strings.Lines(input) {
		line = strings.TrimSuffix(line, "\n")
		word, rest, _ := strings.Cut(line, " ")
		switch {
		case strings.HasPrefix(line, "|"):
			d.text += strings.NewReplacer("<CR>", "\r", "<TAB>", "\t", "<BOM>", "\xEF\xBB\xBF", "<SOH>", "\x01", "<RS>", "\x1e",
				"<US>", "\x1f").Replace(line[1:]) + "\n"
		case word == "format":
			d.keys = rest
		case word == "schema":
			for field := range strings.SplitSeq(rest, ", ") {
				i := strings.LastIndexByte(field, ' ')
				typ, err := record.ParseType(field[i+1:])
				if err != nil {
					t.Fatalf("%s: %v", line, err)
				}
				d.fields = append(d.fields, record.Field{Name: field[:i], Type: typ})
			}
		}
	}
	d.text, _, _ = strings.Cut(d.text, "<EOF>")
	if strings.Contains(d.keys, `"cr"`) {
		d.text = strings.ReplaceAll(d.text, "\n", "\r")
	}
	return d
}

// TestCorpus reads the cases that other readers of CSV are tested with. See the page
// beside them.
func TestCorpus(t *testing.T) {
	for _, name := range []string{"csv-spectrum", "papaparse", "pandas"} {
		golden.Script(t, "testdata/corpus/"+name, func(script string) string {
			d := readDialect(t, script)
			f, err := newDialect(t, d.keys, false)
			if err != nil {
				return err.Error()
			}
			c := stream.DecoderContext{Name: "t.csv", Schema: record.MustSchema(d.fields...), Input: strings.NewReader(d.text)}
			return conntest.Decode(t, f, c, nil).String()
		})
	}
}

// TestDialects reads texts in dialects of CSV: whole, in pieces, and from the bookmark
// behind each row. What fails does so alone as well.
func TestDialects(t *testing.T) {
	golden.Script(t, "testdata/dialects", func(script string) string {
		d := readDialect(t, script)
		f, err := newDialect(t, d.keys, false)
		if err != nil {
			return err.Error()
		}
		c := stream.DecoderContext{Name: "t.csv", Schema: record.MustSchema(d.fields...), BatchRows: 1}
		c.Input = strings.NewReader(d.text)
		all := conntest.Decode(t, narrow{f}, c, nil)
		if all.Err == nil {
			conntest.TestBookmarks(t, narrow{f}, c, d.text)
		}
		for n := range 20 {
			c.Input, c.BatchRows = conntest.Pieces([]byte(d.text), n+1), 1+n%4
			if got := conntest.Decode(t, narrow{f}, c, nil); got.String() != all.String() {
				t.Errorf("%s\nin pieces of %d bytes:\n%v\nwhole:\n%v", script, n+1, got, all)
			}
		}
		for _, failed := range all.Failed {
			var text []byte
			if failed.Header != nil {
				text = append(append(text, failed.Header...), '\n')
			}
			c.Input = bytes.NewReader(append(text, failed.Raw...))
			alone := conntest.Decode(t, narrow{f}, c, nil)
			if len(alone.Rows) > 0 || len(alone.Failed) != 1 || alone.Failed[0].Err.Error() != failed.Err.Error() {
				t.Errorf("%s\n%q alone: %v\nwant %v", script, failed.Raw, alone, failed.Err)
			}
		}
		return all.String()
	})
}

// TestOptions checks what is said of keys that make no sense, by themselves or beside
// others, and in a sink.
func TestOptions(t *testing.T) {
	golden.Script(t, "testdata/options", func(script string) string {
		var out strings.Builder
		for _, line := range golden.Commands(script) {
			kind, keys, _ := strings.Cut(line, " ")
			if _, err := newDialect(t, keys, kind == "sink"); err != nil {
				fmt.Fprintln(&out, err)
			} else {
				fmt.Fprintln(&out, "fine")
			}
		}
		return out.String()
	})
}

// TestDialectsReadBack writes random rows in each dialect that a sink can write, and
// reads them back.
func TestDialectsReadBack(t *testing.T) {
	price, err := record.DecimalOf(30, 4)
	if err != nil {
		t.Fatal(err)
	}
	var fields []record.Field
	for i, typ := range []record.Type{record.Bool, record.Int32, record.Int64, record.Float64, price, record.String, record.Bytes,
		record.Timestamp, record.Date} {
		fields = append(fields, record.Field{Name: string(rune('a' + i)), Type: typ})
	}
	for _, keys := range []string{
		`{"delimiter": "||"}`, `{"delimiter": "::"}`, `{"delimiter": "\u0001"}`, `{"delimiter": " - "}`, `{"delimiter": "-1"}`,
		`{"delimiter": "¦"}`, `{"delimiter": "\t", "quote": "'"}`,
		`{"escape": "\\"}`, `{"escape": "\\", "delimiter": "~|~"}`, `{"header": false}`, `{"header": true}`,
		`{"null": ["NA", "-", "null", "a", "b"]}`, `{"decimal": ","}`, `{"decimal": ",", "delimiter": ";"}`,
		`{"decimal": ",", "delimiter": "||", "null": "\\N", "escape": "\\", "header": false, "quote": "'"}`,
	} {
		t.Run(keys, func(t *testing.T) {
			f, err := newDialect(t, keys, true)
			if err != nil {
				t.Fatal(err)
			}
			conntest.TestEncoder(t, narrow{f}, record.MustSchema(fields...))
		})
	}
}
