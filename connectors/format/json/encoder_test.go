package json

import (
	"bytes"
	"testing"

	"github.com/weirstream/weir/connectors/conntest"
	"github.com/weirstream/weir/runtime/record"
)

// TestEncoder writes each type, at its edges, and reads it back.
func TestEncoder(t *testing.T) {
	const lines = `{"a":true,"b":-2147483648,"c":9223372036854775807,"d":0.1,"e":-1234.50,"f":"say \"x\"\n\\ é 😀\u0000","g":"AP8=","h":"2013-01-01T10:15:00.25Z","i":"0001-01-31","j":[{"a":1,"j":[["x",null],null]},null],"k":{"a":{"b":0.00000000000000000000000000000000000001,"c":[]},"k":""}}
{"a":false,"b":0,"c":0,"d":"NaN","e":0.00,"f":"","g":"","h":"1970-01-01T00:00:00Z","i":"1970-01-01","j":[],"k":{"a":null,"k":null}}
{"a":null,"b":null,"c":null,"d":"-Infinity","e":null,"f":null,"g":null,"h":null,"i":null,"j":null,"k":null}
`
	all := schema(t, everyType)
	var out bytes.Buffer
	e, err := Format{}.NewEncoder(all, &out)
	if err == nil {
		err = e.Header()
	}
	if err != nil {
		t.Fatal(err)
	}
	got := conntest.Decode(t, narrow{}, context(all, []byte(lines), 1000, 2), func(b *record.Batch) {
		if err := e.Encode(b); err != nil {
			t.Fatal(err)
		}
	})
	if len(got.Failed) > 0 || out.String() != lines {
		t.Errorf("got\n%s\nwant\n%s\n%v", out.String(), lines, got.Failed)
	}
}

func TestRandomRows(t *testing.T) { conntest.TestEncoder(t, narrow{}, schema(t, everyType)) }

// TestEncoderNames writes names that need escapes, and a schema without columns.
func TestEncoderNames(t *testing.T) {
	for text, names := range map[string][]string{
		"{\"a\\\"b\":0,\"\\n\":0}\n": {"a\"b", "\n"},
		"{}\n":                       nil,
	} {
		pool := record.NewCheckedPool()
		var fields []record.Field
		for _, name := range names {
			fields = append(fields, record.Field{Name: name, Type: record.Int64})
		}
		s := record.MustSchema(fields...)
		b := pool.NewBatch(s, 1)
		for range names {
			c := pool.NewColumn(record.Int64, 1)
			c.AppendInt64(0)
			b.Columns = append(b.Columns, c)
		}
		var out bytes.Buffer
		if err := newEncoder(s, &out).Encode(b); err != nil || out.String() != text {
			t.Errorf("got %q, %v, want %q", out.String(), err, text)
		}
		b.Release()
		if err := pool.Check(); err != nil {
			t.Error(err)
		}
	}
}

func TestEncodingAllocatesNothing(t *testing.T) { bids(t).TestEncode(t) }

func BenchmarkEncodeBids(b *testing.B) { bids(b).BenchmarkEncode(b) }
