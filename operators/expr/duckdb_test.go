package expr

import (
	"math/big"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/golden"
	"github.com/weirstream/weir/runtime/record"
)

// duckCase is a line of a table in testdata/duckdb; answers.py explains them.
type duckCase struct {
	line       string
	expression string
	theirs     string
	ours       string // where it differs from theirs; else ""
	reason     string
}

// duckCaseOf reads a line; ok is not where it holds no case.
func duckCaseOf(t testing.TB, line string) (c duckCase, ok bool) {
	t.Helper()
	if line == "" || strings.HasPrefix(line, "#") {
		return c, false
	}
	left, answers, found := strings.Cut(line, " => ")
	if !found {
		t.Fatalf("%q has no answer yet; see answers.py", line)
	}
	c.line = line
	c.expression, _, _ = strings.Cut(left, " -- ")
	var differs bool
	if c.theirs, c.ours, differs = strings.Cut(answers, " <> "); differs {
		if c.ours, c.reason, _ = strings.Cut(c.ours, " # "); c.reason == "" {
			t.Errorf("%s: a different answer needs a reason behind #", line)
		}
	}
	return c, true
}

func duckTables(t testing.TB) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", "duckdb", "*.txt"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no tables: %v", err)
	}
	return paths
}

// TestAgainstDuckDB holds expressions to the answers of DuckDB, or to those of
// ours that differ for a reason.
func TestAgainstDuckDB(t *testing.T) {
	for _, path := range duckTables(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			pool := record.NewCheckedPool()
			b := oneRow(pool, nil)
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			lines := strings.Split(string(text), "\n")
			for i, line := range lines {
				if c, ok := duckCaseOf(t, line); ok {
					lines[i] = checkDuckCase(t, pool, b, c)
				}
			}
			golden.Text(t, path, strings.Join(lines, "\n"))
			b.Release()
			checkPool(t, pool)
		})
	}
}

// checkDuckCase returns the line as -rewrite would write it.
func checkDuckCase(t *testing.T, pool *record.Pool, b *record.Batch, c duckCase) string {
	t.Helper()
	v, err := valueOf(t, pool, c.expression, b)
	switch {
	case c.ours != "" && isAnswer(v, err, c.theirs):
		t.Errorf("%s\nis marked as different and is not", c.line)
	case c.ours != "" && !isAnswer(v, err, c.ours), c.ours == "" && !isAnswer(v, err, c.theirs):
		t.Errorf("%s\ngives %s", c.line, drawAnswer(v, err))
		same, _, _ := strings.Cut(c.line, " => ")
		return same + " => " + c.theirs + " <> " + drawAnswer(v, err) + " # " + c.reason
	}
	return c.line
}

// valueOf computes an expression for row 0, or says why it has no value.
func valueOf(t *testing.T, pool *record.Pool, text string, b *record.Batch) (v cell, err string) {
	t.Helper()
	e, errs := Parse(text)
	if errs != nil {
		t.Fatalf("%s: %v", text, errs)
	}
	checked, errs := Check(e, testSchema)
	if errs != nil {
		return nil, errs.Error()
	}
	column, failures := checked.Compile(pool).Eval(b, nil)
	defer column.Release()
	if len(failures) > 0 {
		return nil, failures[0].Err.Error()
	}
	return cellAt(column, 0), ""
}

// isAnswer reports whether a value, or the error that stands for it, is what a
// table says. Numbers are compared by value, errors by how they end; "error" is
// any of them.
func isAnswer(v cell, err, text string) bool {
	if ending, ok := strings.CutPrefix(text, "error"); ok || err != "" {
		return ok && err != "" && strings.HasSuffix(err, strings.TrimPrefix(ending, ": "))
	}
	switch v := v.(type) {
	case float64:
		want, err := strconv.ParseFloat(text, 64)
		return err == nil && sameCell(v, want)
	case dec:
		got, _ := new(big.Rat).SetString(drawCell(v))
		want, ok := new(big.Rat).SetString(text)
		return ok && got.Cmp(want) == 0
	}
	return drawCell(v) == text
}

func drawAnswer(v cell, err string) string {
	if err != "" {
		return "error: " + err
	}
	return drawCell(v)
}
