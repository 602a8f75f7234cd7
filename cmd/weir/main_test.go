package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/weirstream/weir/connectors/blackhole"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/stream"
)

// job writes a job file into a fresh folder and returns its path.
func job(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "job.yaml")
	beside(t, path, "job.yaml", text)
	return path
}

// beside writes a file into the folder of a job file.
func beside(t *testing.T, path, name, text string) {
	t.Helper()
	name = filepath.Join(filepath.Dir(path), name)
	err := os.MkdirAll(filepath.Dir(name), 0o755)
	if err == nil {
		err = os.WriteFile(name, []byte(text), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// weir runs a command line.
func weir(args ...string) (code int, stdout, stderr string) {
	var out, err bytes.Buffer
	code = execute(args, &out, &err)
	return code, out.String(), err.String()
}

const generated = `
name: generated
sources:
  numbers: { datagen: { rows: 10, columns: ["n = sequence()"] }, schema: { n: int64 } }
steps:
  - id: even
    where: n % 2 = 0
sinks:
  out: { print: {} }
`

func TestRun(t *testing.T) {
	code, stdout, stderr := weir("run", job(t, generated), "--set", "steps.even.where=n % 5 = 0")
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	if fields := strings.Fields(stdout); len(fields) < 3 || fields[0] != "n" || fields[len(fields)-1] != "5" {
		t.Errorf("printed %q", stdout)
	}
	for _, want := range []string{"rows in", "watermark", "generated finished in "} {
		if !strings.Contains(stderr, want) {
			t.Errorf("%q is not in\n%s", want, stderr)
		}
	}
	for _, line := range strings.Split(stderr, "\n") {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "even" && strings.Join(fields[1:7], " ") != "10 10 0 0 0 2" {
			t.Errorf("the line of the step is %q", line)
		}
	}
}

// A second run of a finished job has nothing to do, and that is fine.
func TestRunOfFinishedJob(t *testing.T) {
	path, state := job(t, generated), t.TempDir()
	if code, _, stderr := weir("run", path, "--state-dir", state); code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	code, stdout, stderr := weir("run", path, "--state-dir", state)
	if code != 0 || stdout != "" || !strings.Contains(stderr, "generated has already finished") {
		t.Errorf("exit code %d, printed %q, said %q", code, stdout, stderr)
	}
}

// interrupter sends this process a signal when something is first printed.
type interrupter struct {
	once sync.Once
	rows bytes.Buffer
}

func (i *interrupter) Write(b []byte) (int, error) {
	i.once.Do(func() { _ = syscall.Kill(os.Getpid(), syscall.SIGTERM) })
	return i.rows.Write(b)
}

// A signal stops a job that would not end by itself; the next run goes on where
// it stopped.
func TestRunStopsOnSignal(t *testing.T) {
	path, state := job(t, generated), t.TempDir()
	args := []string{"run", path, "--state-dir", state, "--set", "sources.numbers.datagen.rows_per_second=1000",
		"--set", "sources.numbers.datagen.rows=0"}
	var printed []string
	for range 2 {
		var out interrupter
		var stderr bytes.Buffer
		if code := execute(args, &out, &stderr); code != 0 || !strings.Contains(stderr.String(), "generated stopped at checkpoint ") {
			t.Fatalf("exit code %d: %s", code, stderr.String())
		}
		if !strings.Contains(stderr.String(), " in "+state+". The same command resumes from there.") {
			t.Errorf("how to go on is not in %s", stderr.String())
		}
		printed = append(printed, strings.Fields(out.rows.String())...)
	}
	seen := map[string]bool{}
	for _, row := range printed {
		if seen[row] && row != "n" { // the header stands over both runs
			t.Errorf("%s is printed twice", row)
		}
		seen[row] = true
	}
}

// With --drain a signal finishes the job: what a window has so far comes out, and
// a next run has nothing to do.
func TestRunDrainsOnSignal(t *testing.T) {
	path, state := job(t, `
name: drained
sources:
  numbers:
    datagen: { rows: 0, rows_per_second: 1000, columns: ["n = sequence()", "at = clock(2013-01-01T00:00:00Z, 1ms, 0s)"] }
    schema: { n: int64, at: timestamp }
    event_time: { column: at, watermark_delay: 0s }
steps:
  - id: total
    input: numbers
    window: { tumble: 36500d }
    aggregate: { rows: count(*) }
sinks:
  seen: { input: numbers, print: {} }
  out: { input: total, print: {} }
`), t.TempDir()
	args := []string{"run", path, "--drain", "--state-dir", state}
	var out interrupter
	var stderr bytes.Buffer
	if code := execute(args, &out, &stderr); code != 0 || !strings.Contains(stderr.String(), "drained finished in ") {
		t.Fatalf("exit code %d: %s", code, stderr.String())
	}
	if printed := out.rows.String(); !strings.Contains(printed, "2069-12-07T00:00:00Z") {
		t.Errorf("the window did not fire:\n%s", printed)
	}
	if code, _, stderr := weir(args...); code != 0 || !strings.Contains(stderr, "drained has already finished") {
		t.Errorf("the second run ends with %d: %s", code, stderr)
	}
}

func TestBadJob(t *testing.T) {
	path := job(t, strings.Replace(generated, "where:", "were:", 1))
	for _, command := range []string{"run", "lint"} {
		code, stdout, stderr := weir(command, path)
		if code != exitBadJob || stdout != "" {
			t.Errorf("%s: exit code %d, printed %q", command, code, stdout)
		}
		if want := path + `:7:5: steps.even: there is no key "were"; did you mean "where"?` + "\n"; stderr != want {
			t.Errorf("%s: said\n%swant\n%s", command, stderr, want)
		}
	}
}

func TestLint(t *testing.T) {
	good := job(t, generated)
	code, stdout, _ := weir("lint", good, "../../jobs/examples/departure-delays.yaml")
	if code != 0 || stdout != good+": no problems\n../../jobs/examples/departure-delays.yaml: no problems\n" {
		t.Errorf("exit code %d, printed %q", code, stdout)
	}
}

// What fails on the way is told from what is wrong from the start.
func TestExitCodes(t *testing.T) {
	missing := strings.Replace(generated, "datagen: { rows: 10, columns: [\"n = sequence()\"] }", "file: { path: none.csv }, format: csv", 1)
	for _, test := range []struct {
		args []string
		code int
		text string
	}{
		{[]string{"run", job(t, missing)}, exitFailed, "none.csv"},
		{[]string{"run", "none.yaml"}, exitBadJob, "none.yaml: cannot be opened"},
		{[]string{"run"}, exitBadJob, "weir: run takes one job file, not 0: weir run JOB"},
		{[]string{"lint"}, exitBadJob, "weir: lint takes job files: weir lint JOB…"},
		{[]string{"run", job(t, generated), "--parallelism", "0"}, exitBadJob, "--parallelism 0 is not from 1 to 1024"},
		{[]string{"run", job(t, generated), "--parallelism", "-1"}, exitBadJob, "--parallelism -1 is not from 1 to 1024"},
		{[]string{"run", job(t, generated), "--parallelism", "100000000"}, exitBadJob, "--parallelism 100000000 is not from 1 to 1024"},
		{[]string{"run", job(t, generated), "--state-dir", job(t, "")}, exitFailed, "is not a folder: name another one"},
		{[]string{"rnu"}, exitBadJob, `there is no command "rnu"; did you mean "run"?`},
	} {
		code, _, stderr := weir(test.args...)
		if code != test.code || !strings.Contains(stderr, test.text) {
			t.Errorf("weir %s: exit code %d, said %s", strings.Join(test.args, " "), code, stderr)
		}
		if strings.Contains(stderr, "rows in") {
			t.Errorf("weir %s: a table of rows though none were read: %s", strings.Join(test.args, " "), stderr)
		}
	}
}

// A run says how many rows were late, by how much, and what would have held them; with
// the delay that it names, none is.
func TestEverythingLate(t *testing.T) {
	path := job(t, `
name: late
sources:
  events:
    file: { path: events.csv }
    format: csv
    schema: { at: timestamp, kind: string }
    event_time: { column: at, watermark_delay: 10m }
steps:
  - id: hourly
    where: kind = 'click'
    window: { tumble: 1h }
    aggregate: { clicks: count(*) }
sinks:
  out: { print: {} }
`)
	rows := "at,kind\n2013-01-02T00:00:00Z,start\n2013-01-01T00:30:00Z,click\n2013-01-01T01:00:00Z,click\n"
	beside(t, path, "events.csv", rows)
	code, stdout, stderr := weir("run", path)
	if code != 0 || stdout != "" {
		t.Errorf("exit code %d, printed %q", code, stdout)
	}
	want := `hourly has no result because all of its 2 rows were late, the latest by 22h50m.
  Rows of events come up to 23h30m out of order; its watermark_delay is 10m.
  Try --set sources.events.event_time.watermark_delay=23h1m. Its input ends, so that complete holds rows in any order. A longer allowed_lateness helps, too, and late rows can be read as hourly.late.
`
	if !strings.Contains(stderr, want) {
		t.Errorf("said\n%swant\n%s", stderr, want)
	}
	for _, delay := range []string{"23h1m", "complete"} {
		code, stdout, stderr := weir("run", path, "--set", "sources.events.event_time.watermark_delay="+delay)
		if code != 0 || strings.Count(stdout, "\n") != 3 || strings.Contains(stderr, "late,") {
			t.Errorf("%s: exit code %d, printed %q, said\n%s", delay, code, stdout, stderr)
		}
	}
}

// on_error keeps the errors of rows from the job; the run says what they were, and so does
// --show where no row is left.
func TestEverythingRejected(t *testing.T) {
	path := job(t, `
name: rejected
sources:
  events:
    file: { path: events.csv }
    format: csv
    schema: { at: timestamp, kind: string }
    on_error: drop
sinks:
  out: { print: {} }
`)
	rows := "at,kind\n1709280010394,start\n1709280010395,click\n"
	beside(t, path, "events.csv", rows)
	want := `events has no rows because none of its 2 rows could be read.
  2 rows, the first ` + filepath.Dir(path) + `/events.csv:2: column "at": "1709280010394" is not an RFC 3339 timestamp`
	for _, args := range [][]string{{"run", path}, {"run", path, "--show", "events"}} {
		if code, _, stderr := weir(args...); code != 0 || !strings.Contains(stderr, want) {
			t.Errorf("weir %s: exit code %d, said\n%swant\n%s", strings.Join(args, " "), code, stderr, want)
		}
	}
	if _, _, stderr := weir("run", path, "--set", "sources.events.schema.at=timestamp(ms)"); strings.Contains(stderr, "could be read") {
		t.Errorf("rows were read, said\n%s", stderr)
	}
}

func TestProgressLine(t *testing.T) {
	g := &graph.Graph{Steps: []*graph.Step{{ID: "in", Source: &graph.SourceStep{}}, {ID: "mid"}, {ID: "out", Sink: &blackhole.Sink{}}}}
	s := status.Job{Name: "job", State: status.Running, Checkpoint: 3, Elapsed: 2 * time.Second, Steps: []status.Step{
		{ID: "in", Counters: stream.CounterValues{In: 5000}, Watermark: 2_000_000},
		{ID: "mid", Counters: stream.CounterValues{In: 4000}, Watermark: 1_000_000},
		{ID: "out", Counters: stream.CounterValues{In: 10}, Watermark: record.MaxTime},
	}}
	want := "job running 2s: 5000 rows in (2500/s), 10 rows to sinks, watermark 1970-01-01T00:00:01Z, checkpoint 3"
	if got := (progress{graph: g}).line(s); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// Whoever ran a job learns where its rows are; what stands on the screen need not
// be told.
func TestRunSaysWhereResultsAre(t *testing.T) {
	path := job(t, generated+"  files: { file: { path: results }, format: csv }\n")
	code, _, stderr := weir("run", path)
	want := "Results: files in " + filepath.Join(filepath.Dir(path), "results") + ".\n"
	if code != 0 || !strings.Contains(stderr, want) {
		t.Errorf("exit code %d, said\n%swant\n%s", code, stderr, want)
	}
	if _, _, stderr := weir("run", job(t, generated)); strings.Contains(stderr, "Results:") {
		t.Errorf("said\n%s", stderr)
	}
}
