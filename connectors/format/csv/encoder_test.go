package csv

import (
	"bytes"
	"testing"

	"github.com/weirstream/weir/connectors/conntest"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/record"
)

func TestEncoder(t *testing.T) {
	pool := record.NewCheckedPool()
	schema := record.MustSchema(
		record.Field{Name: "at", Type: record.Timestamp}, record.Field{Name: "a,b", Type: record.String},
		record.Field{Name: "n", Type: record.Int64}, record.Field{Name: "x", Type: record.Float64}, record.Field{Name: "ok", Type: record.Bool},
	)
	b := pool.NewBatch(schema, 6)
	for _, f := range schema.Fields() {
		b.Columns = append(b.Columns, pool.NewColumn(f.Type, 6))
	}
	for i, text := range []string{"plain", "a,b", `say "x"`, "two\nlines", "cr\r", ""} {
		b.Columns[0].AppendTime(record.Time(i * 1_500_000))
		b.Columns[1].AppendString([]byte(text))
		b.Columns[2].AppendInt64(int64(-i))
		b.Columns[3].AppendFloat64(float64(i) / 3)
		b.Columns[4].AppendBool(i%2 == 0)
	}
	for _, c := range b.Columns {
		c.SetNull(0)
	}
	var out bytes.Buffer
	e, err := Default.NewEncoder(schema, &out)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Header(); err != nil {
		t.Fatal(err)
	}
	if err := e.Encode(b); err != nil {
		t.Fatal(err)
	}
	const want = "at,\"a,b\",n,x,ok\n" +
		",,,,\n" +
		"1970-01-01T00:00:01.5Z,\"a,b\",-1,0.3333333333333333,false\n" +
		"1970-01-01T00:00:03Z,\"say \"\"x\"\"\",-2,0.6666666666666666,true\n" +
		"1970-01-01T00:00:04.5Z,\"two\nlines\",-3,1,false\n" +
		"1970-01-01T00:00:06Z,\"cr\r\",-4,1.3333333333333333,true\n" +
		"1970-01-01T00:00:07.5Z,\"\",-5,1.6666666666666667,false\n"
	if out.String() != want {
		t.Errorf("got\n%q\nwant\n%q", out.String(), want)
	}
	again := decode(t, (&pieces{out.Bytes(), 3}).context(schema, 4))
	if got := again.String(); got != (decoded{rows: conntest.Rows(b)}).String() {
		t.Errorf("read back:\n%s", got)
	}
	b.Release()
	if err := pool.Check(); err != nil {
		t.Error(err)
	}
}

func TestOptions(t *testing.T) {
	for _, test := range []struct{ delimiter, quote, problem string }{
		{";", "'", ""},
		{"\t", `"`, ""},
		{"||", `"`, `job.yaml: csv.delimiter: "||" is not a tab, a space or one of ,;|"'` + "`" + `!#$%&()*/<=>?@[\]^_{}~`},
		{",", "5", `job.yaml: csv.quote: "5" is not a tab, a space or one of ,;|"'` + "`" + `!#$%&()*/<=>?@[\]^_{}~`},
		{"'", "'", `job.yaml: csv.quote: "'" is the delimiter, too`},
	} {
		c, problems := component.NewConfig(&Type.Spec, component.Position{File: "job.yaml"}, []string{"delimiter", "quote"},
			map[string]component.Value{"delimiter": {At: component.Position{File: "job.yaml"}, Text: test.delimiter}, "quote": {At: component.Position{File: "job.yaml"}, Text: test.quote}})
		if problems != nil {
			t.Fatal(problems)
		}
		f, err := Type.New(c)
		if test.problem != "" {
			if err == nil || err.Error() != test.problem {
				t.Errorf("%q %q: %v", test.delimiter, test.quote, err)
			}
			continue
		}
		if err != nil || f.(Format).delimiter != test.delimiter[0] || f.(Format).quote != test.quote[0] {
			t.Errorf("%q %q: %v, %v", test.delimiter, test.quote, f, err)
		}
	}
}
