package expr

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/golden"
	"github.com/weirstream/weir/runtime/record"
)

// TestOffsetsOfAggregates: what is wrong inside a call has its place in the
// text of the call.
func TestOffsetsOfAggregates(t *testing.T) {
	text := "sum(nope) FILTER (WHERE neither > 0)"
	a, errs := ParseAggregate(text)
	if errs != nil {
		t.Fatal(errs)
	}
	for _, e := range []*Expr{a.Arg, a.Filter} {
		_, errs := Check(e, testSchema)
		if len(errs) != 1 || !strings.HasPrefix(text[errs[0].Start:], "n") {
			t.Errorf("%s: %v", e, errs)
		}
	}
}

func TestColumnsOfChecked(t *testing.T) {
	checked := mustCheck(t, "g > i OR coalesce(f, g) IS NULL", testSchema)
	if got := fmt.Sprint(checked.Columns()); got != "[1 3 4]" {
		t.Errorf("columns %s", got)
	}
}

// FuzzCheck: no expression makes the checker panic, errors lie within the text, and
// what passes the checks can be computed.
func FuzzCheck(f *testing.F) {
	for _, file := range []string{"values.txt", "errors.txt", "time_values.txt", "time_errors.txt"} {
		for _, input := range golden.Questions(f, filepath.Join("testdata", file)) {
			f.Add(input)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, errs := Parse(text)
		if errs != nil {
			return
		}
		checked, errs := Check(e, testSchema)
		for _, e := range errs {
			if e.Start < 0 || e.End < e.Start || e.End > len(text) || e.Message == "" {
				t.Fatalf("%q: error %+v lies outside of the text", text, e)
			}
		}
		if errs == nil {
			checkComputes(t, checked)
		}
	})
}

// checkComputes computes an expression over some rows.
func checkComputes(t *testing.T, checked *Checked) {
	pool := record.NewPool()
	b := generator{rand.New(rand.NewPCG(1, 7))}.batch(pool, 3)
	column, _ := checked.Compile(pool).Eval(b, nil)
	if column.Type() != checked.Type() || column.Len() != 3 {
		t.Fatalf("%s is a column of %d rows of %v, want %v", checked, column.Len(), column.Type(), checked.Type())
	}
	column.Release()
	b.Release()
	checkPool(t, pool)
}
