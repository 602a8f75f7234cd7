package csv

import (
	"bytes"
	"errors"
	"testing"

	"github.com/weirstream/weir/connectors/conntest"
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
	again := decode(t, context(schema, out.Bytes(), 3, 4))
	if got := again.String(); got != (conntest.Decoded{Rows: conntest.Rows(b)}).String() {
		t.Errorf("read back:\n%s", got)
	}
	b.Release()
	if err := pool.Check(); err != nil {
		t.Error(err)
	}
}

func TestRandomRows(t *testing.T) {
	price, err := record.DecimalOf(30, 4)
	if err != nil {
		t.Fatal(err)
	}
	var fields []record.Field
	for i, typ := range []record.Type{record.Bool, record.Int32, record.Int64, record.Float64, price, record.String, record.Bytes,
		record.Timestamp, record.Date} {
		fields = append(fields, record.Field{Name: string(rune('a' + i)), Type: typ})
	}
	conntest.TestEncoder(t, narrow{Default}, record.MustSchema(fields...))
}

// Types that the test above leaves out come back as they were.
func TestOtherTypesReadBack(t *testing.T) {
	price, err := record.DecimalOf(6, 2)
	if err != nil {
		t.Fatal(err)
	}
	schema := record.MustSchema(record.Field{Name: "n", Type: record.Int32}, record.Field{Name: "price", Type: price},
		record.Field{Name: "day", Type: record.Date}, record.Field{Name: "raw", Type: record.Bytes})
	const text = "n,price,day,raw\n-2147483648,-1234.50,2013-01-31,/wA=\n,,,\n7,0.05,0001-01-01,\"\"\n"
	var rows bytes.Buffer
	pool := record.NewCheckedPool()
	c := context(schema, []byte(text), 5, 10)
	c.Pool = pool
	d, err := Default.NewDecoder(c)
	if err != nil {
		t.Fatal(err)
	}
	b, failed, err := d.Next()
	if err != nil || failed != nil {
		t.Fatal(failed, err)
	}
	e, err := Default.NewEncoder(schema, &rows)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(e.Header(), e.Encode(b)); err != nil || rows.String() != text {
		t.Errorf("%v\n%s", err, rows.String())
	}
	b.Release()
	d.Close()
	if err := pool.Check(); err != nil {
		t.Error(err)
	}
	for cells, want := range map[string]string{
		"2147483648,1,2013-01-31,": `column "n": "2147483648" is outside the range of int32; declare the column as int64`,
		"1,12345,2013-01-31,":      `column "price": "12345" has more digits before the point than decimal(6,2); declare the column with more`,
		"1,0.125,2013-01-31,": `column "price": "0.125" has more digits after the point than decimal(6,2); ` +
			`declare the column with more, or as string and CAST it, which rounds`,
		"1,x,2013-01-31,":  `column "price": "x" is not a decimal number such as -12.50`,
		"1,1,2013-02-29,":  `column "day": "2013-02-29" is not a date such as 2013-01-31`,
		"1,1,2013-01-31,?": `column "raw": "?" is not base64, in which bytes are written: illegal base64 data at input byte 0`,
	} {
		got := decode(t, context(schema, []byte("n,price,day,raw\n"+cells+"\n"), 100, 10))
		if len(got.Failed) != 1 || got.Failed[0].Err.Error() != want {
			t.Errorf("%s: got %v, want %s", cells, got, want)
		}
	}
}
