package files

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/connectors/conntest"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/trial"
)

// TestDamagedFiles reads folders of files that hold records of all kinds, some of
// which fail, and that are compressed in all ways and damaged. Wherever reading is
// broken off, rows and failed records are those of a read without a break, and those
// that a model knows.
func TestDamagedFiles(t *testing.T) {
	trial.Run(t, 60, func(c *trial.Case) {
		json := c.Random.IntN(2) == 0
		extension, open := ".csv", openSource
		if json {
			extension, open = ".jsonl", openJSONSource
		}
		e, files := memEnv()
		e.Clock = newClock()
		var all []*stored
		for i := range 1 + c.Random.IntN(3) {
			f := store(c, c.Random, fmt.Sprint(i, extension), drawContent(c.Random, json, 100*i))
			writeFile(c, files, "in/"+f.name, f.bytes)
			all = append(all, f)
		}
		values := drawMode(c)
		c.Describe(func() string { return describe(values, all) })
		rows, failed := conntest.TestFailures(c, conntest.Source{
			Unbounded: values["watch"] != "",
			New: func(t testing.TB, _, _ int) (stream.Source, env.Env) {
				return open(t, sourceSchema, values), e
			},
		})
		if values["repeat"] != "" {
			all = append(all, all...)
		}
		checkModel(c, all, rows, drawFailures(failed))
	})
}

// drawMode draws in which of its ways the source reads a folder.
func drawMode(c *trial.Case) map[string]string {
	values := map[string]string{"path": "in/"}
	switch c.Random.IntN(4) {
	case 0:
		values["parallel"] = "true"
	case 1:
		values["watch"] = "2s"
	case 2:
		values["repeat"] = "2"
	}
	return values
}

func describe(values map[string]string, all []*stored) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v\n", values)
	for _, f := range all {
		fmt.Fprintf(&b, "%s (known %v, cut %v): %q, stored as %q\n", f.name, f.known, f.cut, f.text, f.bytes)
	}
	return b.String()
}

// checkModel compares what came of files with what the model says of each, up to
// the first of which it does not know all.
func checkModel(t testing.TB, all []*stored, rows, failed []string) {
	t.Helper()
	for _, f := range all {
		n, bad := len(f.rows), len(f.failed)
		switch {
		case f.cut:
			if bad = common(failed, f.failures()); bad == len(failed) || !isRest(failed[bad]) {
				t.Fatalf("%s is cut short, and got failures\n%s", f.name, strings.Join(failed, "\n"))
			}
			return
		case !f.known:
			return
		case n > len(rows), bad > len(failed), !slices.Equal(rows[:n], f.rows), !slices.Equal(failed[:bad], f.failures()):
			t.Fatalf("%s: got\n%s\nwant\n%s", f.name, strings.Join(slices.Concat(rows, failed), "\n"),
				strings.Join(slices.Concat(f.rows, f.failures()), "\n"))
		}
		rows, failed = rows[n:], failed[bad:]
	}
	if len(rows)+len(failed) > 0 {
		t.Fatalf("got more than there is: %q, %q", rows, failed)
	}
}

// common returns how many first elements two lists have in common.
func common(a, b []string) (n int) {
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

// TestRecordsWithoutEnd is TestDamagedFiles for records that are longer than any may
// be, whether their end is in sight or not.
func TestRecordsWithoutEnd(t *testing.T) {
	long, cells := strings.Repeat("x", 17<<20), strings.Repeat(strings.Repeat("x", 1<<19)+",", 40)
	for _, test := range []struct {
		name, text   string
		open         func(testing.TB, *record.Schema, map[string]string) stream.Source
		rows, failed int
	}{
		{"quote.csv", "id,text\n1,a\n2,\"b\n3,c\n4," + long + "\n5,d\n", openSource, 3, 2},
		{"middle.csv.gz", "id,text\n1,a\n2," + long + "\n3,b\n4,c", openSource, 3, 1},
		{"cells.csv", "id,text\n1,a\n2," + cells + "\n3,b\n4,c", openSource, 3, 1},
		{"middle.jsonl.gz", `{"id":1}` + "\n" + `{"text":"` + long + "\"}\n{\"id\":2}\n{\"id\":3}", openJSONSource, 3, 1},
	} {
		if compressionOf(test.name) == "gzip" {
			test.text = gzipped(t, test.text)
		}
		e, files := memEnv()
		writeFile(t, files, test.name, test.text)
		rows, failed := conntest.TestFailures(t, conntest.Source{New: func(t testing.TB, _, _ int) (stream.Source, env.Env) {
			return test.open(t, sourceSchema, map[string]string{"path": test.name}), e
		}}, 3)
		if len(rows) != test.rows || len(failed) != test.failed {
			t.Errorf("%s: %d rows, failed %d: %.200q", test.name, len(rows), len(failed), drawFailures(failed))
		}
		if last := failed[len(failed)-1].Err.Error(); !strings.Contains(last, "longer than 16 MiB") {
			t.Errorf("%s: %s", test.name, last)
		}
	}
}
