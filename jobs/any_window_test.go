package jobs

import (
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/env"
)

const hoppingJob = `
name: hopping
sources:
  events:
    file: { path: in.csv }
    format: csv
    schema: { at: timestamp(s), n: int64 }
    event_time: { column: at, watermark_delay: 0s }
steps:
  - id: hops
    window: { hop: { size: 10s, slide: 5s } }
    aggregate: { n: sum(n) }
    LATE_ROWS
sinks:
  out: { input: hops, file: { path: out }, format: csv }
  late: { input: hops.late, file: { path: late }, format: csv }
`

// TestLateForAnyWindow holds which rows late_rows sends to the late output: those that
// came too late for every window or, where it says so, for one.
func TestLateForAnyWindow(t *testing.T) {
	const in = "at,n\n12,1\n7,2\n1,4\n16,8\n"
	partly, wholly := "1970-01-01T00:00:07Z,2", "1970-01-01T00:00:01Z,4"
	for how, want := range map[string][]string{
		"":                        {wholly},
		"late_rows: every_window": {wholly},
		"late_rows: any_window":   {wholly, partly},
	} {
		fs := files(t, map[string]string{"in.csv": in, "job.yaml": strings.Replace(hoppingJob, "LATE_ROWS", how, 1)})
		job, err := Load(builtin.Registry(), fs, "job.yaml", nil)
		if err != nil {
			t.Fatal(err)
		}
		e := env.Real()
		e.Files = fs
		run, err := Start(job, Options{Env: e})
		if err != nil {
			t.Fatal(err)
		}
		last, err := run.Wait()
		if err != nil {
			t.Fatal(err)
		}
		got := rows(t, fs, "late")
		slices.Sort(got)
		if !slices.Equal(got, want) || lateRows(last) != 1 {
			t.Errorf("%s: late are %q, want %q", how, got, want)
		}
	}
}
