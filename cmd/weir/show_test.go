package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// shown is a job whose only sink cannot work: its folder holds other output.
const shownJob = `
name: shown
sources:
  events:
    file: { path: events.csv }
    format: csv
    schema: { at: timestamp, kind: string, n: int64 }
    event_time: { column: at, watermark_delay: 0s }
    on_error: dead_letter
steps:
  - id: halves
    input: events
    select: [at, kind, 12 / n AS half]
    on_error: dead_letter
  - id: minutes
    key_by: [kind]
    window: { tumble: 1m }
    aggregate: { rows: count(*) }
  - id: nobody
    input: halves
    where: half > 1000
sinks:
  out: { input: minutes, file: { path: out }, format: csv }
  more: { input: nobody, file: { path: out }, format: csv }
`

const shownEvents = `kind,n,at
a,1,2013-01-01T00:00:01Z
b,two,2013-01-01T00:00:02Z
a,0,2013-01-01T00:00:03Z
b,4,2013-01-01T00:02:00Z
a,5,2013-01-01T00:00:05Z
a,6,2013-01-01T00:03:05Z
`

func shownFolder(t *testing.T) (path string) {
	t.Helper()
	path = job(t, shownJob)
	beside(t, path, "events.csv", shownEvents)
	beside(t, path, "out/part-out-other-1-1-0-0.csv", "rows\n1\n")
	return path
}

// everything lists what is in a folder and below.
func everything(t *testing.T, dir string) (names []string) {
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		names = append(names, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestShow(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	path := shownFolder(t)
	before := everything(t, filepath.Dir(path))
	for _, test := range []struct {
		args    string
		printed []string // the first cells of the lines behind the header
		said    string
	}{
		{"--show events --limit 2", []string{"2013-01-01T00:00:01Z", "2013-01-01T00:00:03Z"},
			"events: the first 2 rows; --limit N shows more. Nothing was written.\n"},
		{"--show events", []string{"2013-01-01T00:00:01Z", "2013-01-01T00:00:03Z", "2013-01-01T00:02:00Z", "2013-01-01T00:00:05Z",
			"2013-01-01T00:03:05Z"}, "events: 5 rows in all. Nothing was written.\n"},
		{"--show minutes", []string{"a", "b", "a"}, "minutes: 3 rows in all. Nothing was written.\n"},
		{"--show minutes.late", []string{"2013-01-01T00:00:05Z"}, "minutes.late: 1 row in all. Nothing was written.\n"},
		{"--show events.dead_letter", []string{"events"}, "events.dead_letter: 1 row in all. Nothing was written.\n"},
		{"--show halves.dead_letter --parallelism 3", []string{"halves"}, "halves.dead_letter: 1 row in all. Nothing was written.\n"},
		{"--show nobody", nil, `events made dead letters of 1 of 6 rows (17 %), which could not be read.
  1 row, DIR/events.csv:3: column "n": "two" is not a whole number; correct the cell, or leave it empty for null
halves made dead letters of 1 of 5 rows (20 %), which could not be computed.
  1 row, event time 2013-01-01T00:00:03Z: half: 12 / n: division by zero
nobody: no rows in all. Nothing was written.
`},
		{"--show events --from 2013-01-01T00:01:00Z --until 2013-01-01T00:03:00Z", []string{"2013-01-01T00:02:00Z"},
			"events: 1 row in all. Nothing was written.\n"},
	} {
		code, stdout, stderr := weir(append([]string{"run", path}, strings.Fields(test.args)...)...)
		stderr = strings.ReplaceAll(stderr, filepath.Dir(path), "DIR")
		if code != 0 || stderr != test.said {
			t.Errorf("%s: exit code %d, said %swant %s", test.args, code, stderr, test.said)
		}
		var printed []string
		for i, line := range strings.Split(strings.TrimSuffix(stdout, "\n"), "\n") {
			if i > 0 {
				printed = append(printed, strings.Fields(line)[0])
			}
		}
		if !slices.Equal(printed, test.printed) {
			t.Errorf("%s: printed\n%s", test.args, stdout)
		}
	}
	if after := everything(t, filepath.Dir(path)); !slices.Equal(after, before) {
		t.Errorf("the folder holds %v, held %v", after, before)
	}
	if states, err := filepath.Glob(filepath.Join(os.TempDir(), "weir-shown-*")); err != nil || states != nil {
		t.Errorf("%v are left behind: %v", states, err)
	}
}

// What does not end by itself is stopped when enough is printed.
func TestShowEndsUnboundedJob(t *testing.T) {
	endless := strings.Replace(generated, "rows: 10", "rows: 0, rows_per_second: 100000", 1)
	code, stdout, stderr := weir("run", job(t, endless), "--show", "even", "--limit", "7", "--parallelism", "2")
	if code != 0 || strings.Count(stdout, "\n") != 8 || stderr != "even: the first 7 rows; --limit N shows more. Nothing was written.\n" {
		t.Errorf("exit code %d, printed\n%ssaid %s", code, stdout, stderr)
	}
}

// Sinks need not be there to see what a step makes, and on_error: dead_letter no
// reader.
func TestShowWithoutSinks(t *testing.T) {
	text, _, _ := strings.Cut(generated, "sinks:")
	code, stdout, stderr := weir("run", job(t, text+"    on_error: dead_letter\n"), "--show", "even")
	if code != 0 || strings.Count(stdout, "\n") != 6 {
		t.Errorf("exit code %d, printed\n%ssaid %s", code, stdout, stderr)
	}
}

// What is wrong elsewhere does not keep a step from being shown; what is wrong
// with what it reads does.
func TestShowWithinABrokenJob(t *testing.T) {
	broken := strings.Replace(generated, "sinks:", `  - id: unfinished
    input: even
    were: m > 0
  - id: lost
    input: nowhere
sinks:
  missing: { input: lost, file: { path: "${NO_SUCH_VARIABLE}" } }`, 1)
	broken = strings.Replace(broken, "steps:", "  others: { fiel: { path: x } }\nsteps:", 1)
	broken = strings.Replace(broken, "- id: even", "- id: even\n    input: numbers", 1)
	code, stdout, stderr := weir("run", job(t, broken), "--show", "even")
	if code != 0 || strings.Count(stdout, "\n") != 6 {
		t.Errorf("exit code %d, printed\n%ssaid %s", code, stdout, stderr)
	}
	path := job(t, broken)
	code, _, stderr = weir("run", path, "--show", "unfinished")
	if want := path + `:12:5: steps.unfinished: there is no key "were"; did you mean "where"?` + "\n"; code != exitBadJob ||
		!strings.HasPrefix(stderr, want) || strings.Contains(stderr, "nowhere") {
		t.Errorf("exit code %d, said %swant %s", code, stderr, want)
	}
	code, _, stderr = weir("run", job(t, broken), "--show", "lost")
	if code != exitBadJob || !strings.Contains(stderr, `there is no source or step "nowhere"`) {
		t.Errorf("exit code %d, said %s", code, stderr)
	}
}

func TestShowRefuses(t *testing.T) {
	path := shownFolder(t)
	for _, test := range []struct{ args, text string }{
		{"--show minute", `--show: there is no source or step "minute"; did you mean "minutes"?` + "\n"},
		{"--show minutes.lat", `--show: "minutes" has no output "lat"; did you mean "late"?` + "\n"},
		{"--show halves.late", `--show: "halves.late" has nothing to read: only steps with a window have late rows` + "\n"},
		{"--show minutes.dead_letter", `--show: "minutes.dead_letter" has nothing to read: it makes no dead letters; write on_error: ` +
			`dead_letter there` + "\n"},
		{"--show out", `--show: "out" is a sink; show the source or step that it reads` + "\n"},
		{"--show minutes --limit 0", "weir: --limit 0 is less than 1\n"},
		{"--limit 5", "weir: --limit is for --show: weir run JOB --show STEP --limit 5\n"},
		{"--show minutes --state-dir x", "weir: --state-dir makes no sense with --show, which keeps no checkpoints and resumes from none\n"},
	} {
		code, stdout, stderr := weir(append([]string{"run", path}, strings.Fields(test.args)...)...)
		if code != exitBadJob || stdout != "" || stderr != test.text {
			t.Errorf("%s: exit code %d, printed %q, said %s", test.args, code, stdout, stderr)
		}
	}
}
