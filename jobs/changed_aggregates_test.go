package jobs

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/status"
)

const aggregatingJob = `
name: aggregating
sources:
  events:
    file: { path: in, watch: 10ms }
    format: csv
    schema: { at: timestamp, kind: string, n: int64, who: string }
    event_time: { column: at, watermark_delay: 2h }
steps:
  - id: sums
    key_by: [kind]
    window: { tumble: 1h }
    aggregate: { total: sum(n), least: min(n), rows: count(*) }
sinks:
  out: { input: sums, file: { path: out }, format: csv }
`

// The rows before and behind the change. Windows of a and b are open then; that of c
// is not, and neither is what begins at 11:30.
const (
	firstRows = "at,kind,n,who\n2013-01-01T10:00:00Z,a,4,anna\n2013-01-01T10:10:00Z,b,7,ben\n2013-01-01T10:20:00Z,a,2,anna\n"
	moreRows  = "at,kind,n,who\n2013-01-01T10:25:00Z,a,9,carla\n2013-01-01T10:30:00Z,c,5,carla\n2013-01-01T11:30:00Z,b,6,anna\n" +
		"2013-01-01T11:40:00Z,b,1,ben\n"
)

// TestChangedAggregates stops a job, gives it other aggregates, and starts it again:
// it is refused, says what would become of each, and where the user allows it goes on
// as it has said.
func TestChangedAggregates(t *testing.T) {
	for _, test := range []struct {
		name    string
		edits   []string // of the job: old, new, old, new, …
		refused []string // parts of the message; none: it just goes on
		want    []string // rows of a from 10, b from 10, b from 11, c from 10, without key and window
	}{
		{"nothing", nil, nil, []string{"15,2,3", "7,7,1", "7,1,2", "5,5,1"}},
		{"names and order", []string{"total: sum(n), least: min(n), rows: count(*)", "n: count(*), least: min(n), sum: sum(n)"},
			nil, []string{"3,2,15", "1,7,7", "2,1,7", "1,5,5"}},
		{"one more", []string{"least:", "most: max(n), least:"}, []string{
			"sums: changed; its state is kept",
			`+ max(n) of int64 AS "most": NULL in windows that are open, counted in those that open later`, "events: the same"},
			[]string{"15,,2,3", "7,,7,1", "7,6,1,2", "5,5,5,1"}},
		{"one less", []string{"least: min(n), ", ""}, []string{
			`- min(n) of int64 AS "least": what is kept for it is dropped`}, []string{"15,3", "7,1", "7,2", "5,1"}},
		{"another one", []string{"min(n)", "avg(n * 2)"}, []string{`- min(n) of int64 AS "least"`, `+ avg(n * 2) of int64 AS "least": NULL in`},
			[]string{"15,,3", "7,,1", "7,7,2", "5,10,1"}},
		{"what shares all parts", []string{"min(n)", "avg(n)"}, []string{`+ avg(n) of int64 AS "least": what it uses is kept already`},
			[]string{"15,5,3", "7,7,1", "7,3.5,2", "5,5,1"}},
		{"what shares a part", []string{"min(n)", "min(n), many: count(n) FILTER (WHERE n > 4)"},
			[]string{`+ count(n) FILTER (WHERE n > 4) of int64 AS "many": NULL in`}, []string{"15,2,,3", "7,7,,1", "7,1,1,2", "5,5,1,1"}},
		{"distinct values", []string{"min(n)", "count(DISTINCT who)"}, []string{`+ count(DISTINCT who) of string AS "least": NULL in`},
			[]string{"15,,3", "7,,1", "7,2,2", "5,1,1"}},
		{"panes", []string{"tumble: 1h", "hop: { size: 1h, slide: 30m }"}, []string{"sums: changed; its state is dropped", "- tumble 1h"}, nil},
		{"one more, and a filter before", []string{"- id: sums\n", "- id: sums\n    where: n <> 9\n", "least:", "most: max(n), least:"},
			[]string{"sums: changed; its state is kept", `"most": NULL in windows that are open`, "+ WHERE n <> 9"},
			[]string{"6,,2,2", "7,,7,1", "7,6,1,2", "5,5,5,1"}},
	} {
		for _, parallelism := range [][2]int{{1, 1}, {3, 3}, {1, 3}, {3, 1}} {
			t.Run(fmt.Sprint(test.name, parallelism), func(t *testing.T) {
				got := runChanged(t, aggregatingJob, strings.NewReplacer(test.edits...), parallelism, test.refused)
				if test.want != nil && !slices.Equal(got, test.want) {
					t.Errorf("the rows are %q, not %q", got, test.want)
				}
			})
		}
	}
}

// TestChangedAggregatesOfOtherWindows adds an aggregate to windows that share panes, and
// to sessions.
func TestChangedAggregatesOfOtherWindows(t *testing.T) {
	for _, test := range []struct {
		window, open string
		want         []string
	}{
		{"hop: { size: 1h, slide: 30m }", "windows", []string{
			"15,,2,3", "15,,2,3", "7,,7,1", "7,,7,1", "7,6,1,2", "7,6,1,2", "5,5,5,1", "5,5,5,1"}},
		{"session: 20m", "sessions", []string{"15,,2,3", "7,,7,1", "7,6,1,2", "5,5,5,1"}},
	} {
		for _, parallelism := range [][2]int{{1, 1}, {2, 3}} {
			t.Run(fmt.Sprint(test.window, parallelism), func(t *testing.T) {
				job := strings.Replace(aggregatingJob, "tumble: 1h", test.window, 1)
				got := runChanged(t, job, strings.NewReplacer("least:", "most: max(n), least:"), parallelism, []string{
					`+ max(n) of int64 AS "most": NULL in ` + test.open + " that are open"})
				if !slices.Equal(got, test.want) {
					t.Errorf("the rows are %q, not %q", got, test.want)
				}
			})
		}
	}
}

// runChanged returns what comes out of a job that changes in the middle.
func runChanged(t *testing.T, job string, edits *strings.Replacer, parallelism [2]int, refused []string) (values []string) {
	t.Helper()
	fs := files(t, map[string]string{"job.yaml": job, "in/1.csv": firstRows})
	run, _ := startChanging(t, fs, Options{Parallelism: parallelism[0]})
	untilRowsReach(t, run, "sums", 3)
	run.Stop()
	if last, err := run.Wait(); err != nil || last.State != status.Stopped {
		t.Fatalf("the job is %s: %v", last.State, err)
	}
	write(t, fs, "job.yaml", edits.Replace(job))
	write(t, fs, "in/2.csv", moreRows)
	checkPreview(t, fs, "state", append(refused, map[bool]string{
		true: "the job is that of checkpoint 1 in state and resumes from there", false: "with --allow-changed it resumes like this:",
	}[refused == nil])...)
	if refused != nil {
		checkRefused(t, fs, refused)
	}
	run, _ = startChanging(t, fs, Options{Parallelism: parallelism[1], AllowChanged: refused != nil})
	untilRowsReach(t, run, "events", 7)
	run.Drain()
	if last, err := run.Wait(); err != nil || last.State != status.Finished {
		t.Fatalf("the job is %s: %v", last.State, err)
	}
	lines := rows(t, fs, "out")
	slices.Sort(lines)
	for _, line := range lines {
		values = append(values, strings.SplitN(line, ",", 4)[3])
	}
	return values
}

// checkPreview checks that what a start would do is said with these parts, and that
// nothing is done.
func checkPreview(t *testing.T, fs *memfs.FS, stateDir string, parts ...string) {
	t.Helper()
	job, err := Load(builtin.Registry(), fs, "job.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Env: env.Real(), StateDir: stateDir}
	o.Env.Files = fs
	lines, err := Preview(t.Context(), job, o)
	for _, part := range parts {
		if err != nil || !strings.Contains(strings.Join(lines, "\n"), part) {
			t.Errorf("error %v, and no %q in: %q", err, part, lines)
		}
	}
}

func TestPreviewWithoutACheckpoint(t *testing.T) {
	fs := files(t, map[string]string{"job.yaml": aggregatingJob, "empty/x": ""})
	checkPreview(t, fs, "state", "state is not there yet: the job starts afresh")
	checkPreview(t, fs, "empty", "empty holds no checkpoint: the job starts afresh")
	if found, err := fs.ReadDir("."); err != nil || slices.Contains(found, "state") {
		t.Errorf("there are %q, error %v", found, err)
	}
}
