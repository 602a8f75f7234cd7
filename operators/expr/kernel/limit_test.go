package kernel_test

import (
	"fmt"
	"testing"

	"github.com/weirstream/weir/operators/expr"
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
)

var textSchema = record.MustSchema(record.Field{Name: "s", Type: record.String})

// textsOf returns a batch whose column s has these texts.
func textsOf(pool *record.Pool, texts ...string) *record.Batch {
	b := pool.NewBatch(textSchema, len(texts))
	c := pool.NewColumn(record.String, len(texts))
	for _, text := range texts {
		c.AppendString([]byte(text))
	}
	b.Columns = append(b.Columns, c)
	return b
}

// compute returns what an expression gives, and which rows it has no value for.
func compute(t *testing.T, text string, b *record.Batch) (c *record.Column, failed string) {
	t.Helper()
	e, errs := expr.Parse(text)
	if errs != nil {
		t.Fatal(errs)
	}
	checked, errs := expr.Check(e, b.Schema)
	if errs != nil {
		t.Fatal(errs)
	}
	c, failures := checked.Compile(b.Pool()).Eval(b, nil)
	rows := []int32{}
	for _, f := range failures {
		rows = append(rows, f.Row)
	}
	return c, fmt.Sprint(rows)
}

// TestResultsOfABatchAreBounded: the results of a batch that do not fit into a
// column fail their rows; later ones that fit do not.
func TestResultsOfABatchAreBounded(t *testing.T) {
	defer kernel.LimitText(10)()
	pool := record.NewCheckedPool()
	b := textsOf(pool, "abcd", "efgh", "ijkl", "m", "nop", "q")
	c, failed := compute(t, "upper(s)", b)
	if failed != "[2 4]" {
		t.Errorf("rows %s failed, want those that came after 8 and after 9 bytes", failed)
	}
	for row, want := range map[int]string{0: "ABCD", 1: "EFGH", 3: "M", 5: "Q"} {
		if got := string(c.Strings().At(row)); got != want {
			t.Errorf("row %d: %v, want %s", row, got, want)
		}
	}
	c.Release()
	b.Release()
	if err := pool.Check(); err != nil {
		t.Error(err)
	}
}

// TestRepeatedResultsAreBounded: what is computed once must fit once a row; a
// dictionary that does not is computed row by row; and so must what is put
// together of several columns.
func TestRepeatedResultsAreBounded(t *testing.T) {
	defer kernel.LimitText(10)()
	pool := record.NewCheckedPool()
	b := textsOf(pool, "abcdef", "g", "abcdef", "g")
	dictionary := pool.NewColumn(record.String, 2)
	dictionary.AppendStrings([]byte("abcdefg"), []int32{6, 7})
	coded := pool.NewDictionary(dictionary, 4)
	copy(coded.Codes(), []int32{0, 1, 0, 1})
	b.Columns[0].Release()
	b.Columns[0] = coded
	for text, want := range map[string]string{
		"upper('ab')": "[]", "upper('abc')": "[0 1 2 3]", "upper(s)": "[2]", "left(s, 2)": "[]",
		"nullif(s, 'g')": "[2]", "nullif(s, 'abcdef')": "[]",
	} {
		c, failed := compute(t, text, b)
		if failed != want {
			t.Errorf("%s: rows %s failed, want %s", text, failed, want)
		}
		c.Release()
	}
	b.Release()
	if err := pool.Check(); err != nil {
		t.Error(err)
	}
}
