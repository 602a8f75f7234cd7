package jobs

import (
	"strings"
	"testing"

	"github.com/weirstream/weir/connectors/conntest"
	"github.com/weirstream/weir/connectors/format/json"
	"github.com/weirstream/weir/operators/expr"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// hostile is what a value may be, or a string may hold, and whether it is JSON.
var hostile = []struct {
	strings bool // it stands in a string
	text    string
	valid   bool
}{
	{true, `\ud83d\ude00`, true}, {true, `\uD83D\uDE00`, true}, {true, `\\ud83d`, true}, {true, `\ufffd`, true},
	{true, `\ud83d`, false}, {true, `\ude00`, false}, {true, `\ud83dx`, false}, {true, `\ude00\ud83d`, false},
	{true, `\ud83d\ud83d\ude00`, false}, {true, `\ud83d\u0041`, false}, {true, `\ud83d\n`, false}, {true, `\ud83d\`, false},
	{true, `\u0000`, true}, {true, `\u001f\b\f\n\r\t\/`, true}, {true, "\x7f\u2028\ufeff", true},
	{true, "\x00", false}, {true, "\x1f", false}, {true, "\t", false}, {true, "\n", false}, {true, "\r", false},
	{true, "\xff", false}, {true, "é\xc3", false}, {true, "\xc0\x80", false}, {true, "\xed\xa0\x80", false}, {true, "\xf4\x90\x80\x80", false},
	{true, `\`, false}, {true, `\x41`, false}, {true, `\U0041`, false}, {true, `\u12g4`, false}, {true, `\u12`, false}, {true, `a"b`, false},
	{false, "12345678901234567890123456789012345678901234567890", true}, {false, "-0.1e-999999999999", true},
	{false, strings.Repeat("9", 10_000), true},
	{false, "01", false}, {false, "1.", false}, {false, ".5", false}, {false, "+1", false}, {false, "1e", false}, {false, "-", false},
	{false, "NaN", false}, {false, "0x10", false},
	{false, "nul", false}, {false, "True", false}, {false, "", false}, {false, "'a'", false}, {false, "null", true}, {false, "false", true},
	// A file counts the levels of a value, functions those of its object, too.
	{false, nested(199), true}, {false, nested(201), false}, {false, nested(100_000), false},
	{false, "[1,]", false}, {false, `{"b":1,}`, false}, {false, `{"\ud83d":1}`, false}, {false, `[{"b":"\ud83d"}]`, false},
	{false, "[\"\xff\"]", false},
	{false, `{"b":1,"b":[ ]}`, true}, {false, "1 // one", false}, {false, "[1]]", false},
}

func nested(depth int) string { return strings.Repeat("[", depth) + strings.Repeat("]", depth) }

// TestUsersAgree: what is JSON in a file is JSON for the functions, and says the
// same.
func TestUsersAgree(t *testing.T) {
	for _, h := range hostile {
		value := h.text
		if h.strings {
			value = `"` + value + `"`
		}
		if valid := agree(t, value); valid != h.valid {
			t.Errorf("%.60q: valid is %v", value, valid)
		}
	}
	trial.Run(t, 300, func(c *trial.Case) {
		var text strings.Builder
		for range 1 + c.Random.IntN(4) {
			if h := hostile[c.Random.IntN(len(hostile))]; h.strings {
				text.WriteString(h.text)
			}
		}
		agree(c, `"`+text.String()+`"`)
	})
}

// agree has a value read from a file, and found by functions, in the same object.
func agree(t testing.TB, value string) (valid bool) {
	t.Helper()
	object := `{"a":` + value + `,"b":0}`
	file, inFile := decoded(t, object)
	found, byFunction := evaluated(t, object)
	if inFile != byFunction || file != found {
		t.Fatalf("%.60q is %.60q, %v, in a file, but %.60q, %v, for functions", value, file, inFile, found, byFunction)
	}
	return inFile
}

// decoded returns what a string column has of the member a.
func decoded(t testing.TB, object string) (value string, valid bool) {
	t.Helper()
	c := stream.DecoderContext{
		Name: "t.jsonl", Schema: record.MustSchema(record.Field{Name: "a", Type: record.String}),
		Input: strings.NewReader(object), BatchRows: 10,
	}
	all := conntest.Decode(t, json.Format{}, c, func(b *record.Batch) { value = text(b.Columns[0]) })
	return value, len(all.Rows) == 1 && len(all.Failed) == 0
}

// evaluated returns the same by functions: a string as what it stands for, anything
// else as it is written.
func evaluated(t testing.TB, object string) (value string, valid bool) {
	t.Helper()
	pool := record.NewCheckedPool()
	column := pool.NewColumn(record.String, 1)
	column.AppendString([]byte(object))
	b := pool.NewBatch(record.MustSchema(record.Field{Name: "object", Type: record.String}), 1)
	b.Columns = append(b.Columns, column)
	e, errs := expr.Parse("coalesce(json_value(object, '$.a'), nullif(json_query(object, '$.a'), 'null'))")
	if errs != nil {
		t.Fatal(errs)
	}
	checked, errs := expr.Check(e, b.Schema)
	if errs != nil {
		t.Fatal(errs)
	}
	result, failures := checked.Compile(pool).Eval(b, nil)
	if valid = failures == nil; valid {
		value = text(result)
	}
	result.Release()
	b.Release()
	if err := pool.Check(); err != nil {
		t.Error(err)
	}
	return value, valid
}

func text(c *record.Column) string {
	if c.IsNull(0) {
		return "NULL"
	}
	return string(c.AppendText(nil, 0))
}
