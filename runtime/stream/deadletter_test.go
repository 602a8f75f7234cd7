package stream

import (
	"errors"
	"testing"

	"github.com/weirstream/weir/runtime/record"
)

func TestDeadLetters(t *testing.T) {
	pool := record.NewCheckedPool()
	b := DeadLetters(pool, "flights", []FailedRecord{
		{Raw: []byte("a,b"), Where: "x.csv:2", Err: errors.New("one cell too few")},
		{Raw: []byte("caf\xe9 – ok"), Where: "x.csv:3", Err: errors.New("not UTF-8")},
	})
	for column, want := range []string{"flights", "x.csv:3", "not UTF-8", `caf\xE9 – ok`} {
		if got := string(b.Columns[column].Strings().At(1)); got != want {
			t.Errorf("%s is %q, want %q", DeadLetterSchema.Field(column).Name, got, want)
		}
	}
	b.Release()
	if err := pool.Check(); err != nil {
		t.Error(err)
	}
}
