package json

import (
	"bytes"
	stdjson "encoding/json"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/weirstream/weir/connectors/conntest"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// context reads a text in pieces of at most n bytes.
func context(schema *record.Schema, text []byte, n, rows int) stream.DecoderContext {
	return stream.DecoderContext{Name: "t.jsonl", Schema: schema, Input: conntest.Pieces(text, n), BatchRows: rows}
}

// everyType is a schema that has all types, in each other.
const everyType = `a bool, b int32, c int64, d float64, e decimal(10,2), f string, g bytes, h timestamp, i date, ` +
	`j list<struct<a int64, j list<list<string>>>>, k struct<a struct<b decimal(38,38), c list<bool>>, k bytes>`

// FuzzDecoder checks on any text that the decoder gives the same in whatever
// pieces it reads, agrees with encoding/json about what is JSON and what it says,
// and reads back what the encoder makes of its rows.
func FuzzDecoder(f *testing.F) {
	for _, text := range []string{
		"{\"a\":1,\"b\":\"x\"}\n{\"b\":{\"c\":[1,-2.5e+3,true,null,{}]},\"a\":\"\\u00e9\\n\"}\n",
		"\xEF\xBB\xBF{\"a\":\"é\",\"b\":null}\r\n\n{}\n[1]\n{\"a\":1,\"a\":2}",
		"\xEF\xBB\xBF\xEF\xBB\xBF{\"a\":1}\n\xEF\xBB\xBF{\"b\":1}\n",
		"{\"a\":\"\\ud83d\\ude00\",\"b\":\"\\ud83d\"}\n{\"a\":01}\n{\"a\":tru}\n{\"a\":[[[{\"b\":[]}]]]} x",
		"{\"a\":true,\"b\":1,\"c\":\"2\",\"d\":1e5,\"e\":1.25,\"f\":[],\"g\":\"AP8=\",\"h\":\"2013-01-01T00:00:00Z\",\"i\":\"2013-01-31\"}\n",
		"{\"j\":[{\"a\":1,\"j\":[[\"x\",null],null]},null],\"k\":{\"a\":{\"b\":0.1,\"c\":[true]},\"k\":\"\"}}\n",
		"{\"a\":\"abcdefghijklmnopqrstuvwxyz0123456789\",\"other\":\"abcdefghijklmnop\\\"\xff\"}",
	} {
		f.Add([]byte(text), uint8(1))
	}
	f.Fuzz(func(t *testing.T, text []byte, n uint8) {
		strings := schema(t, "a string, b string")
		whole := decode(t, context(strings, text, len(text)+1, 1024))
		split := decode(t, context(strings, text, int(n)+1, 1+int(n)%5))
		if whole.String() != split.String() {
			t.Fatalf("in pieces of %d bytes:\n%v\nwhole:\n%v", int(n)+1, split, whole)
		}
		compare(t, strings, text)
		conntest.TestColumns(t, narrow{}, func() stream.DecoderContext { return context(strings, text, int(n)+1, 1+int(n)%5) })
		conntest.TestRoundTrip(t, narrow{}, stream.DecoderContext{Name: "t.jsonl", Schema: schema(t, everyType), BatchRows: 10}, text)
	})
}

// compare decodes line by line what encoding/json decodes, too. A line that begins a list of
// objects is a document by itself, whose rows count up to where it is cut: FuzzDocuments has those.
func compare(t *testing.T, schema *record.Schema, text []byte) {
	for line := range bytes.Lines(bytes.TrimPrefix(text, []byte("\xEF\xBB\xBF"))) {
		if isList, _ := beginsList(line); isList || len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var want map[string]stdjson.RawMessage
		err := stdjson.Unmarshal(line, &want)
		valid := err == nil && want != nil && utf8.Valid(line)
		var row []string
		inside := append([]byte("\n"), line...) // where a byte order mark is no longer one
		got := conntest.Decode(t, narrow{}, context(schema, inside, len(inside), 1), func(b *record.Batch) { row = cells(b) })
		switch {
		case len(got.Rows) == 1 && !valid:
			t.Fatalf("%q: encoding/json does not accept it (%v), but it was decoded as\n%v", line, err, got)
		case len(got.Rows) == 0 && valid && !stricter(got.Failed):
			t.Fatalf("%q: encoding/json accepts it, but\n%v", line, got)
		case len(got.Rows) == 1 && (row[0] != said(want["a"]) || row[1] != said(want["b"])):
			t.Fatalf("%q: got %q, want %q and %q", line, row, said(want["a"]), said(want["b"]))
		}
	}
}

// stricter reports whether a record failed for what encoding/json lets pass.
func stricter(failed []stream.FailedRecord) bool {
	return slices.ContainsFunc([]string{"appears twice", "surrogate", "nested deeper"}, func(reason string) bool {
		return strings.Contains(failed[0].Err.Error(), reason)
	})
}

// cells returns the strings of the first row, "null" for null.
func cells(b *record.Batch) []string {
	var texts []string
	for _, c := range b.Columns {
		text := "null"
		if !c.IsNull(0) {
			text = "= " + string(c.Strings().At(0))
		}
		texts = append(texts, text)
	}
	return texts
}

// said is what a string column holds of a value.
func said(value stdjson.RawMessage) string {
	var text string
	switch {
	case value == nil || string(value) == "null":
		return "null"
	case stdjson.Unmarshal(value, &text) != nil:
		text = string(value)
	}
	return "= " + text
}

// FuzzNumber holds numbers of any notation against arithmetic without limits,
// and floating-point ones against strconv.
func FuzzNumber(f *testing.F) {
	for _, text := range []string{"0", "-0.0", "12.50e1", "9223372036854775807", "-9223372036854775808", "1e18", "0.1",
		"9007199254740993", "1E-7", "123456789012345678e-3"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		exact, ok := new(big.Rat).SetString(text)
		if !stdjson.Valid([]byte(text)) || len(text) > 100 || !ok || !isDigit(text[len(text)-1]) || len(text) > 6 &&
			strings.ContainsAny(text[:len(text)-6], "eE") {
			return // no number, or one that takes big.Rat too long
		}
		line := []byte(`{"i":` + text + `,"d":"` + text + `"}`)
		ints := decode(t, context(schema(t, "i int64"), line, 1000, 1))
		if exact.IsInt() && exact.Num().IsInt64() != (len(ints.Rows) == 1) || !exact.IsInt() && len(ints.Rows) > 0 {
			t.Fatalf("%s as int64: %v", text, ints)
		}
		if len(ints.Rows) == 1 && ints.Rows[0] != exact.Num().String() {
			t.Fatalf("%s as int64: %v", text, ints)
		}
		floats := decode(t, context(schema(t, "d float64"), line, 1000, 1))
		want, err := strconv.ParseFloat(text, 64)
		if (err == nil) != (len(floats.Rows) == 1) {
			t.Fatalf("%s as float64: %v", text, floats)
		}
		if got := string(record.AppendFloat(nil, want)); err == nil && floats.Rows[0] != got {
			t.Fatalf("%s as float64: %v, want %s", text, floats, got)
		}
	})
}
