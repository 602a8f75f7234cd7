package expr

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/golden"
	"github.com/weirstream/weir/runtime/record"
)

func TestValues(t *testing.T) { holdValues(t, "testdata/values.txt") }

// holdValues holds the values of expressions to a file. A line "with i = 7" gives
// the row that the lines below it are computed over.
func holdValues(t *testing.T, path string) {
	t.Helper()
	pool := record.NewCheckedPool()
	row := map[string]cell{}
	golden.Lines(t, path, func(input string) string {
		if given, ok := strings.CutPrefix(input, "with "); ok {
			row = parseRow(t, pool, given)
			return input
		}
		b := oneRow(pool, row)
		defer b.Release()
		return input + " => " + result(t, pool, input, b)
	})
	checkPool(t, pool)
}

var nextColumn = regexp.MustCompile(`, ("?\w+"? = )`)

// parseRow reads "i = 7, s = 'x'", the values being constant expressions.
func parseRow(t *testing.T, pool *record.Pool, given string) map[string]cell {
	row := map[string]cell{}
	empty := oneRow(pool, nil)
	defer empty.Release()
	for _, one := range strings.Split(nextColumn.ReplaceAllString(given, "\n$1"), "\n") {
		name, text, _ := strings.Cut(one, " = ")
		name = strings.Trim(name, `"`)
		typ := testSchema.Field(testSchema.Index(name)).Type
		c, _ := mustCheck(t, "CAST("+text+" AS "+typ.String()+")", testSchema).Compile(pool).Eval(empty, nil)
		row[name] = cellAt(c, 0)
		c.Release()
	}
	return row
}

func TestErrors(t *testing.T) {
	eachError(t, "errors.txt", func(input string) Errors {
		e, errs := Parse(input)
		if errs == nil {
			_, errs = Check(e, testSchema)
		}
		return errs
	})
}

// eachError is [golden.Lines] for files in which the errors of a line stand in
// lines of their own below it, with marks under the offending piece.
func eachError(t *testing.T, name string, check func(input string) Errors) {
	t.Helper()
	path := filepath.Join("testdata", name)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "    ") {
			continue
		}
		got.WriteString(line)
		input := strings.TrimSuffix(line, "\n")
		if input == "" || strings.HasPrefix(input, "#") {
			continue
		}
		errs := check(input)
		if errs == nil {
			t.Errorf("%s: no error", input)
		}
		for _, e := range errs {
			got.WriteString("    " + input + "\n")
			got.WriteString("    " + strings.Repeat(" ", e.Start) + strings.Repeat("^", max(1, e.End-e.Start)) + " " + e.Message + "\n")
		}
	}
	golden.Text(t, path, got.String())
}
