package expr

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/recordtest"
	"github.com/weirstream/weir/runtime/trial"
)

// TestFloatsAreTheNearest reads numbers at the edges of float64 as strconv does, to
// the last bit: in columns of text, and where an expression has them.
func TestFloatsAreTheNearest(t *testing.T) {
	trial.Run(t, 200, func(c *trial.Case) {
		pool := record.NewCheckedPool()
		var texts []string
		for range 50 {
			texts = append(texts, recordtest.FloatText(c.Random))
		}
		b := textBatch(pool, texts...)
		got := outcomes(c, mustCheck(c, "CAST(s AS float64)", testSchema).Compile(pool), b, nil)
		for row, text := range texts {
			checkFloat(c, "CAST('"+text+"' AS float64)", got[int32(row)], text)
		}
		b.Release()
		one := oneRow(pool, nil)
		text := strings.TrimPrefix(texts[0], "-")
		for _, form := range []string{text, "CAST(" + text + " AS float64)", "CASE WHEN TRUE THEN " + text + " ELSE 1e0 END"} {
			if checked := writtenFloat(c, form); checked != nil {
				checkFloat(c, form, outcomes(c, checked.Compile(pool), one, nil)[0], text)
			}
		}
		one.Release()
		checkPool(c, pool)
	})
}

// writtenFloat checks an expression with a number as it is written; nil where the
// number is too long, or its type is not float64.
func writtenFloat(t testing.TB, text string) *Checked {
	e, errs := Parse(text)
	if errs != nil {
		return nil
	}
	checked, errs := Check(e, testSchema)
	if errs != nil || checked.Type() != record.Float64 {
		return nil
	}
	return checked
}

func checkFloat(t testing.TB, what string, got outcome, text string) {
	t.Helper()
	want, err := strconv.ParseFloat(text, 64)
	v, _ := got.value.(float64)
	if got.failed != (err != nil) || err == nil && math.Float64bits(v) != math.Float64bits(want) {
		t.Errorf("%s is %v (fails: %v), want %v, %v", what, got.value, got.failed, want, err)
	}
}
