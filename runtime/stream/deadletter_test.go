package stream

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"github.com/weirstream/weir/runtime/record"
)

// A dead letter holds the bytes as they were, and says what they are.
func TestDeadLetters(t *testing.T) {
	pool := record.NewCheckedPool()
	at := record.Time(1_000_000)
	long := bytes.Repeat([]byte("x"), MaxRawBytes+10)
	b := DeadLetters(pool, "sums", []FailedRecord{
		{Raw: []byte("a,b"), Where: "x.csv:2", Err: errors.New("one cell too few"), Header: []byte("n,m,o")},
		{Raw: []byte("caf\xe9"), Where: "x.csv:3", Err: errors.New("not UTF-8")},
		{Raw: []byte(`{"n":0}`), Where: "event time 1970", Err: errors.New("division by zero"), IsRow: true, Time: &at},
		{Raw: long, Where: "x.csv:4", Err: errors.New("too long")},
		{Where: "x.csv.gz", Err: errors.New("cut short")},
	})
	want := []string{
		`sums|x.csv:2|one cell too few|"a,b"|record|-|"n,m,o"`,
		`sums|x.csv:3|not UTF-8|"caf\xe9"|record|-|-`,
		`sums|event time 1970|division by zero|"{\"n\":0}"|row|1970-01-01T00:00:01Z|-`,
		fmt.Sprintf("sums|x.csv:4|too long|%q|cut|-|-", long[:MaxRawBytes]),
		`sums|x.csv.gz|cut short|-|rest|-|-`,
	}
	for row := range want {
		got := ""
		for i, c := range b.Columns {
			if i > 0 {
				got += "|"
			}
			switch {
			case c.IsNull(row):
				got += "-"
			case c.Type() == record.Bytes:
				got += fmt.Sprintf("%q", c.Strings().At(row))
			default:
				got += string(c.AppendText(nil, row))
			}
		}
		if got != want[row] {
			t.Errorf("got  %s\nwant %s", got, want[row])
		}
	}
	b.Release()
	if err := pool.Check(); err != nil {
		t.Error(err)
	}
}
