package jobs

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/trial"
)

const changingJob = `
name: changing
sources:
  events:
    file: { path: in, watch: 10ms }
    format: csv
    schema: { at: timestamp, kind: string, n: int64, m: int64 }
    event_time: { column: at, watermark_delay: 1h }
steps:
  - id: clean
    where: n > 0
    select: [at, kind, n]
  - id: sums
    where: n < 100
    key_by: [kind]
    window: { tumble: 1h }
    aggregate: { n: sum(n) }
  - id: days
    key_by: [kind]
    window: { tumble: 1d }
    aggregate: { n: max(n) }
  - id: large
    where: n > 1 OR n IS NULL
sinks:
  out: { input: large, file: { path: out }, format: csv }
`

// TestChangedJobs stops a job, changes it, and starts it again: it goes on, or is
// refused and goes on where the user allows it, with what it may keep.
func TestChangedJobs(t *testing.T) {
	for _, test := range []struct {
		name, was, is string
		refused       []string // parts of the message; none: it just goes on
		sum           string   // of rows from before the change and behind it
	}{
		{"nothing", "days", "days", nil, "12"},
		{"a filter before the state", "n > 0", "n > 5", []string{
			"sums: what it reads has changed; its state is kept", "- ", "n > 0", "+ ", "n > 5", "days: the same"}, "10"},
		{"a filter of the step itself", "n < 100", "n < 3", []string{"sums: what it reads has changed; its state is kept", "n < 3"}, "6"},
		{"a column", "[at, kind, n]", "[at, kind, 10 * n AS n]", []string{"sums: what it reads has changed", "10 * n AS"}, "84"},
		{"a step more", "  - id: sums\n", "  - select: [at, kind, n + 1 AS n]\n  - id: sums\n",
			[]string{"sums: what it reads has changed", "n + 1"}, "14"},
		{"the window", "tumble: 1h", "tumble: 2h", []string{"sums: changed; its state is dropped", "days: the same; its state is kept"}, "8"},
		{"the watermark's delay", "watermark_delay: 1h", "watermark_delay: 2h", []string{
			"events: changed; it resumes where it was", "- ", "1h", "+ ", "2h", "sums: the same; its state is kept"}, "12"},
		{"the type of a column", "n: int64", "n: int32", []string{"events: changed; it resumes where it was",
			"sums: changed; its state is kept", "sum(n) of int64", ": what is kept for it is dropped", "sum(n) of int32",
			": NULL in windows that are open", "days: the same"}, ""},
		{"the type of a key", "[at, kind, n]", "[at, CAST(kind AS bytes) AS kind, n]", []string{
			"sums: changed; its state is dropped", `by "kind" bytes`, "days: changed"}, "8"},
		{"the type that a step makes", "[at, kind, n]", `[at, kind, "CAST(n AS decimal(9,2)) AS n"]`, []string{
			"sums: changed; its state is kept", "sum(n) of decimal(9,2) AS \"n\": NULL in windows that are open"}, ""},
		{"the schema", "m: int64", "m: string", []string{"events: changed; it resumes where it was\n"}, "12"},
		{"the event time", "at: timestamp", "at: timestamp('%Y-%m-%dT%H:%M:%SZ')", []string{
			"events: changed; it resumes where it was, and its watermark starts afresh", "days: the same"}, "12"},
		{"what becomes of bad rows", "{ column: at, watermark_delay: 1h }", "{ column: at, watermark_delay: 1h }\n    on_error: drop",
			nil, "12"},
		{"where a source reads", "path: in,", "path: in/,", []string{
			"events: changed; it is read from its start, and rows that were read before count again in: sums, days; they may come out twice in: out",
			"sums: the same; its state is kept", "out: the same; what it has shown stays"}, "16"},
		{"how a source reads", "format: csv\n    schema", "format: { csv: { delimiter: ',' } }\n    schema", []string{
			"events: changed; it is read from its start"}, "16"},
		{"a source's name", "events", "flights", []string{"flights: added; it is read from its start, and rows that were read before count",
			"events: removed; how far it was read is forgotten", "sums: what it reads has changed"}, "16"},
		{"the sink", "path: out", "path: ./out", []string{"out: changed; what it has shown stays", "events: the same; it resumes"}, "12"},
		{"a filter behind all state", "n > 1", "n > 11", nil, "12"},
		{"the name of a step without state", "clean", "pure", nil, "12"},
	} {
		t.Run(test.name, func(t *testing.T) {
			fs := files(t, map[string]string{"job.yaml": changingJob, "in/1.csv": changingRows(4, 0)})
			run, _ := startChanging(t, fs, Options{})
			untilRowsReach(t, run, "events", 2)
			run.Stop()
			if last, err := run.Wait(); err != nil || last.State != status.Stopped {
				t.Fatalf("the job is %s: %v", last.State, err)
			}
			write(t, fs, "job.yaml", strings.ReplaceAll(changingJob, test.was, test.is))
			write(t, fs, "in/2.csv", changingRows(6, 2))
			if test.refused != nil {
				checkRefused(t, fs, test.refused)
			}
			run, warnings := startChanging(t, fs, Options{AllowChanged: test.refused != nil})
			untilRowsReach(t, run, run.Status().Steps[0].ID, 4)
			run.Drain()
			if last, err := run.Wait(); err != nil || last.State != status.Finished {
				t.Fatalf("the job is %s: %v", last.State, err)
			}
			if told := len(*warnings) > 0; told != (test.refused != nil) {
				t.Errorf("warned of %v", *warnings)
			}
			want := ",2013-01-01T00:00:00Z,2013-01-02T00:00:00Z," + test.sum
			if got := rows(t, fs, "out"); len(got) != 1 || !strings.HasSuffix(got[0], want) {
				t.Errorf("the output is %q, not a%s", got, want)
			}
		})
	}
}

func checkRefused(t *testing.T, fs *memfs.FS, parts []string) {
	t.Helper()
	refused, _ := startChanging(t, fs, Options{})
	err := waitOrRun(refused)
	for _, part := range parts {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("no %q in: %v", part, err)
		}
	}
}

// waitOrRun waits for a run that should not come to run, and cancels it if it does.
func waitOrRun(run *Run) error {
	ended := make(chan error)
	go func() {
		_, err := run.Wait()
		ended <- err
	}()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-ended:
			return err
		case <-tick.C:
			if run.Status().State == status.Running {
				run.Cancel()
			}
		}
	}
}

// changingRows returns a file of the job with these values.
func changingRows(values ...int) string {
	text := "at,kind,n,m\n"
	for i, n := range values {
		text += fmt.Sprintf("2013-01-01T10:00:%02dZ,a,%d,0\n", i, n)
	}
	return text
}

// write has a file be there whole at once: a job may read all that its folder has.
func write(t *testing.T, fs *memfs.FS, name, text string) {
	t.Helper()
	const aside = "new"
	err := env.WriteFile(fs, aside, []byte(text))
	if err == nil {
		err = fs.Rename(aside, name)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func startChanging(t *testing.T, fs *memfs.FS, o Options) (run *Run, warnings *[]error) {
	t.Helper()
	job, err := Load(builtin.Registry(), fs, "job.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	warnings = new([]error)
	o.Warn = func(err error) { *warnings = append(*warnings, err) }
	o.Env = env.Real()
	o.Env.Files, o.Env.Random, o.StateDir = fs, env.NewRandom(rand.New(rand.NewPCG(1, 2))), "state"
	if run, err = Start(job, o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(trial.Guard(t, func() string { return fmt.Sprintf("%+v", run.Status()) }))
	return run, warnings
}
