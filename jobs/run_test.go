package jobs

import (
	"fmt"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/trial"
)

// runOn runs a job file of a model file system to its end.
func runOn(t *testing.T, fs *memfs.FS, name, stateDir string) status.Job {
	t.Helper()
	last, _ := runWarned(t, fs, name, stateDir)
	return last
}

// runWarned is runOn with the warnings, which come one at a time.
func runWarned(t *testing.T, fs *memfs.FS, name, stateDir string) (last status.Job, warnings []string) {
	t.Helper()
	job, err := Load(builtin.Registry(), fs, name, nil)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Env: env.Real(), StateDir: stateDir, Pool: record.NewCheckedPool()}
	o.Env.Files, o.Env.Random = fs, env.NewRandom(rand.New(rand.NewPCG(1, 2)))
	o.Warn = func(err error) { warnings = append(warnings, err.Error()) }
	run, err := Start(job, o)
	if err != nil {
		t.Fatal(err)
	}
	defer trial.Guard(t, func() string { return fmt.Sprintf("%+v", run.Status()) })()
	last, err = run.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Pool.Check(); err != nil {
		t.Error(err)
	}
	return last, warnings
}

// rows returns the rows of all CSV and JSON files of a folder, without headers,
// sorted.
func rows(t *testing.T, fs env.FS, folder string) []string {
	t.Helper()
	names, err := fs.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, name := range names {
		header, ok := map[string]int{".csv": 1, ".jsonl": 0}[path.Ext(name)]
		if !ok {
			continue
		}
		text, err := env.ReadFile(fs, path.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(string(text), "\n")
		all = append(all, lines[header:len(lines)-1]...)
	}
	slices.Sort(all)
	return all
}

const outputsJob = `
name: outputs
sources:
  events:
    file: { path: events.csv }
    format: csv
    schema: { at: timestamp, kind: string, n: int64 }
    event_time: { column: at, watermark_delay: 0s }
    on_error: dead_letter
steps:
  - id: sums
    where: 12 / n > 0
    key_by: [kind]
    window: { tumble: 1m }
    aggregate: { n: sum(n) }
    on_error: dead_letter
sinks:
  out: { input: sums, file: { path: out }, format: csv }
  late: { input: sums.late, file: { path: late }, format: csv }
  broken: { input: events.dead_letter, file: { path: broken }, format: csv }
  failed: { input: sums.dead_letter, file: { path: failed }, format: csv }
`

// Each row of the input ends up in exactly one place, and the counters say where.
func TestOutputs(t *testing.T) {
	fs := files(t, map[string]string{
		"jobs/outputs.yaml": outputsJob,
		"jobs/events.csv": `kind,n,skipped,at
a,1,x,2013-01-01T00:00:01Z
b,two,x,2013-01-01T00:00:02Z
a,0,x,2013-01-01T00:00:03Z
a,-3,x,2013-01-01T00:00:04Z
b,4,x,2013-01-01T00:02:00Z
a,5,x,2013-01-01T00:00:05Z
"b
c",6,x,2013-01-01T00:02:01Z
d,7,x,
`})
	last := runOn(t, fs, "jobs/outputs.yaml", "state")
	for _, test := range []struct {
		folder string
		want   []string
	}{
		{"jobs/out", []string{`"b`, "a,2013-01-01T00:00:00Z,2013-01-01T00:01:00Z,1", "b,2013-01-01T00:02:00Z,2013-01-01T00:03:00Z,4",
			`c",2013-01-01T00:02:00Z,2013-01-01T00:03:00Z,6`}},
		{"jobs/late", []string{"2013-01-01T00:00:05Z,a,5"}},
	} {
		if got := rows(t, fs, test.folder); !slices.Equal(got, test.want) {
			t.Errorf("%s holds\n%s\nwant\n%s", test.folder, strings.Join(got, "\n"), strings.Join(test.want, "\n"))
		}
	}
	for folder, parts := range map[string][]string{
		"jobs/broken": {"events,", "events.csv:3", "two", `""at"" is null`},
		"jobs/failed": {"sums,", "12 / n", "division by zero"},
	} {
		got := strings.Join(rows(t, fs, folder), "\n")
		for _, part := range parts {
			if !strings.Contains(got, part) {
				t.Errorf("%s holds %s, which lacks %s", folder, got, part)
			}
		}
	}
	checkLate(t, last, "sums", 1, 1)
}

// A finished job leaves its output alone when it is run again.
func TestSecondRun(t *testing.T) {
	fs := files(t, map[string]string{"tiny.yaml": tinyJob, "numbers.csv": "n\n1\n2\n4\n"})
	for range 2 {
		if last := runOn(t, fs, "tiny.yaml", "state"); last.State != status.Finished {
			t.Errorf("the job is %s", last.State)
		}
		if got := rows(t, fs, "out"); !slices.Equal(got, []string{"2", "4"}) {
			t.Errorf("the output is %q", got)
		}
	}
}

// untilRowsReach returns when a step of a running job has taken in so many rows.
func untilRowsReach(t *testing.T, run *Run, id string, rows int64) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for range 20_000 {
		for _, step := range run.Status().Steps {
			if step.ID == id && step.Counters.In >= rows {
				return
			}
		}
		<-tick.C
	}
	t.Errorf("%d rows never reach %s", rows, id)
}
