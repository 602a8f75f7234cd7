package jobs

import (
	"strings"
	"testing"
)

const failingJob = `
name: failing
sources:
  rows:
    file: { path: rows.csv }
    format: csv
    schema: { at: timestamp, k: string, n: int64 }
    event_time: { column: at, watermark_delay: 0s }
steps:
  - { id: kept, where: n > 0 }
  - { id: halves, select: [at, k, 100 / n AS n] }
  - { id: minutes, key_by: [k], window: { tumble: 1m }, aggregate: { n: sum(n) } }
sinks:
  out: { input: minutes, file: { path: out }, format: csv }
`

// TestCountersOfFailedRuns holds that the counters of each step add up, where a run has
// failed as well: a row that was taken in is accepted, late, rejected or skipped.
func TestCountersOfFailedRuns(t *testing.T) {
	const good = "2013-01-01T00:00:01Z,a,5\n2013-01-01T00:10:00Z,a,5\n2013-01-01T00:00:02Z,b,-1\n2013-01-01T00:00:03Z,b,4\n"
	for _, test := range []struct{ name, rows, was, is, fails string }{
		{"a record", good + "nonsense\n", "", "", "rows.csv:6"},
		{"a cell", good + "2013-01-01T00:00:03Z,b,x\n" + good, "", "", "whole number"},
		{"a row without an event time", good + ",b,4\n" + good, "", "", "event time"},
		{"an expression", good + "2013-01-01T00:11:00Z,a,0\n", "where: n > 0", "where: n >= 0", "division by zero"},
		{"a condition", good, "where: n > 0", "where: 1 / (n - 4) > 0", "division by zero"},
		{"an argument", good, "sum(n)", "sum(9223372036854775807 * n)", "range"},
		{"a result", good + good, "sum(n)", "sum(9000000000000000000 + n)", "int64"},
		{"damage", "\x1f\x8b\x08\x00", "path: rows.csv", "path: rows.csv, compression: gzip", "gzip"},
	} {
		for _, parallelism := range []int{1, 3} {
			t.Run(test.name, func(t *testing.T) {
				text := failingJob
				if test.was != "" {
					text = strings.Replace(text, test.was, test.is, 1)
				}
				rows := test.rows
				if test.name != "damage" {
					rows = "at,k,n\n" + rows
				}
				fs := files(t, map[string]string{"job.yaml": text, "rows.csv": rows})
				run, _ := startChanging(t, fs, Options{Parallelism: parallelism})
				last, err := run.Wait()
				if err == nil || !strings.Contains(err.Error(), test.fails) {
					t.Fatalf("it ends with %v", err)
				}
				for _, step := range last.Steps {
					if c := step.Counters; c.In != c.Sum() {
						t.Errorf("step %s: counters do not add up: %+v", step.ID, c)
					}
				}
			})
		}
	}
}
