package expr

import (
	"fmt"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/record"
)

// textBatch returns rows of testSchema that are null but for s.
func textBatch(pool *record.Pool, texts ...string) *record.Batch {
	b := pool.NewBatch(testSchema, len(texts))
	for _, f := range testSchema.Fields() {
		c := pool.NewColumn(f.Type, len(texts))
		for _, text := range texts {
			if f.Name == "s" {
				c.AppendString([]byte(text))
			} else {
				c.AppendNull()
			}
		}
		b.Columns = append(b.Columns, c)
	}
	return b
}

// TestResultsAreBounded: a result that is much longer than its text fails its
// row, one that is not does not.
func TestResultsAreBounded(t *testing.T) {
	const most = 1 << 20
	pool := record.NewCheckedPool()
	b := textBatch(pool, strings.Repeat("x", most/2), strings.Repeat("y", most+1))
	for text, want := range map[string]string{
		"length(repeat(s, 2))":                      "1048576, error",
		"length(repeat(s, 3))":                      "error, error",
		"length(repeat(s, 9223372036854775807))":    "error, error",
		"length(replace(s, 'x', 'xx'))":             "1048576, 1048577",
		"length(replace(s, 'x', 'xxx'))":            "error, 1048577",
		"length(replace(s, 'y', 'z'))":              "524288, 1048577",
		"length(replace(s, 'y', 'zz'))":             "524288, error",
		"length(regexp_replace(s, 'x', 'xx'))":      "1048576, 1048577",
		"length(regexp_replace(s, 'x', '\\0\\0a'))": "error, 1048577",
		"length(regexp_replace(s, '.', s))":         "error, error",
		"length(regexp_replace(s, 'y*', ''))":       "524288, 0",
		"length(lpad(s, 786432))":                   "786432, 786432",
		"length(lpad(s, 786433))":                   "error, 786433",
		"length(rpad('', 262145, s))":               "error, error",
		"length(rpad('', 9223372036854775807, s))":  "error, error",
		"length(s || s || s)":                       "1572864, 3145731",
		"length(upper(s))":                          "524288, 1048577",
	} {
		var got []string
		all := outcomes(t, mustCheck(t, text, testSchema).Compile(pool), b, nil)
		for row := range int32(2) {
			if got = append(got, drawCell(all[row].value)); all[row].failed {
				got[row] = "error"
			}
		}
		if got := strings.Join(got, ", "); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	b.Release()
	checkPool(t, pool)
}

// TestManyPatterns: more patterns than a cache holds give what they should.
func TestManyPatterns(t *testing.T) {
	const most, longest = 256, 8 << 10 // in a cache, of a pattern
	pool := record.NewCheckedPool()
	var texts []string
	for i := range 3 * most {
		texts = append(texts, fmt.Sprintf("^%d$", i%(2*most)))
	}
	texts = append(texts, "^1$", "(", strings.Repeat("x", longest+1), "^1$")
	b := textBatch(pool, texts...)
	for _, text := range []string{"regexp_like('1', s)", "'^1$' LIKE s", "regexp_replace('1', '1', s) = '^1$'"} {
		for row, got := range outcomes(t, mustCheck(t, text, testSchema).Compile(pool), b, nil) {
			if is := texts[row] == "^1$"; got.failed || got.value != is {
				if wrong := row == int32(len(texts)-3) || row == int32(len(texts)-2); !wrong || text != "regexp_like('1', s)" || !got.failed {
					t.Errorf("%s where s is %.20s: %v", text, texts[row], got)
				}
			}
		}
	}
	b.Release()
	checkPool(t, pool)
}
