package jobs

import (
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/status"
)

// replayedJob counts rows of files by the day: its source is as a test wants it.
const replayedJob = `
name: replayed
sources:
  events:
    SOURCE
    schema: { at: timestamp, kind: string }
  delayed:
    file: { path: delayed.csv }
    format: csv
    schema: { at: timestamp, kind: string }
    event_time: { column: at, watermark_delay: 0s }
steps:
  - { id: all, union: [INPUTS] }
  - id: windows
    key_by: [kind]
    window: { WINDOW }
    aggregate: { n: count(*) }
  - id: days
    window: { tumble: 1d }
    aggregate: { n: sum(n), windows: count(*) }
sinks:
  out: { input: windows, file: { path: out }, format: csv }
  daily: { input: days, file: { path: days }, format: csv }
  late: { input: windows.late, file: { path: late }, format: csv }
`

// Files as people have them: sorted by something else, newest first, with a clock that
// is years ahead.
var replayedFiles = map[string]string{
	"in/b.csv": "at,kind\n2013-01-02T12:00:00Z,b\n2013-01-01T12:00:00Z,b\n2013-01-01T11:30:00Z,b\n",
	"in/a.csv": "at,kind\n2013-01-02T12:00:00Z,a\n2099-01-01T00:00:00Z,a\n2013-01-01T12:00:00Z,a\n2013-01-01T11:59:59Z,a\n",
	// The last row is late by its own split, whatever other inputs wait for.
	"delayed.csv": "at,kind\n2013-01-01T12:00:00Z,c\n2013-01-02T12:00:00Z,c\n2013-01-01T11:00:00Z,c\n",
}

const (
	wholeFiles = "file: { path: in }\n    format: csv\n    event_time: { column: at }"
	sideBySide = "file: { path: in, parallel: true }\n    format: csv\n    event_time: { column: at }"
	hours      = "tumble: 1h"
)

// TestBoundedInputIsComplete holds that no row of an input that ends is late unless a
// delay is asked for, and that what is delayed is judged as ever beside it.
func TestBoundedInputIsComplete(t *testing.T) {
	const alone, both = "events", "events, delayed"
	for _, test := range []struct {
		name, source, inputs, window string
		windows                      int    // results
		days                         string // of 1 January
		late                         int64
	}{
		{"files one after the other", wholeFiles, alone, hours, 7, "4,4", 0},
		{"files side by side", sideBySide, alone, hours, 7, "4,4", 0},
		{"asked for", strings.Replace(wholeFiles, "column: at", "column: at, watermark_delay: complete", 1), alone, hours, 7, "4,4", 0},
		{"a delay asked for", strings.Replace(wholeFiles, "column: at", "column: at, watermark_delay: 0s", 1), alone, hours, 2, "", 5},
		{"hopping windows", wholeFiles, alone, "hop: { size: 2h, slide: 1h }", 12, "8,6", 0},
		{"sessions", sideBySide, alone, "session: 30m", 5, "4,2", 0},
		{"beside a delayed input", sideBySide, both, hours, 9, "5,5", 1},
	} {
		for _, parallelism := range []int{1, 3} {
			t.Run(test.name, func(t *testing.T) {
				text := strings.NewReplacer("SOURCE", test.source, "INPUTS", test.inputs, "WINDOW", test.window).Replace(replayedJob)
				if test.inputs == alone {
					text = cutOut(text, "  delayed:\n", "steps:\n")
				}
				fs := files(t, replayedFiles)
				write(t, fs, "job.yaml", text)
				run, _ := startChanging(t, fs, Options{Parallelism: parallelism})
				last, err := run.Wait()
				if err != nil {
					t.Fatal(err)
				}
				if n := len(rows(t, fs, "out")); n != test.windows {
					t.Errorf("%d windows, not %d: %q", n, test.windows, rows(t, fs, "out"))
				}
				if test.days != "" && !slices.Contains(rows(t, fs, "days"), "2013-01-01T00:00:00Z,2013-01-02T00:00:00Z,"+test.days) {
					t.Errorf("the days are %q, not %s", rows(t, fs, "days"), test.days)
				}
				if late := lateRows(last); late != test.late {
					t.Errorf("%d rows are late, not %d", late, test.late)
				}
			})
		}
	}
}

// cutOut returns a text without what stands from one line to another.
func cutOut(text, from, to string) string {
	i, j := strings.Index(text, from), strings.Index(text, to)
	return text[:i] + text[j:]
}

func lateRows(s status.Job) (n int64) {
	for _, step := range s.Steps {
		n += step.Counters.Late
	}
	return n
}

const slowJob = `
name: slow
sources:
  made:
    datagen: { rows: 3000, rows_per_second: 1000, columns: ["at = clock(2013-01-01T00:00:00Z, 1s, 0s)"] }
    schema: { at: timestamp }
    event_time: { column: at }
steps:
  - { id: minutes, window: { tumble: 1m }, aggregate: { n: count(*) } }
sinks:
  out: { input: minutes, file: { path: out }, format: csv }
`

// TestStopOfACompleteJob stops a job in the middle: nothing has come out. With another
// mode it is refused, for windows would have fired; as it was it goes on to the end.
func TestStopOfACompleteJob(t *testing.T) {
	fs := files(t, map[string]string{"job.yaml": slowJob})
	run, _ := startChanging(t, fs, Options{})
	untilRowsReach(t, run, "made", 100)
	run.Stop()
	if last, err := run.Wait(); err != nil || last.State != status.Stopped || last.Steps[0].Counters.In == 3000 {
		t.Fatalf("the job is %s: %v", last.State, err)
	}
	if _, err := fs.ReadDir("out"); err == nil {
		t.Errorf("the stop put out %q", rows(t, fs, "out"))
	}
	write(t, fs, "job.yaml", strings.Replace(slowJob, "column: at }", "column: at, watermark_delay: 10s }", 1))
	checkRefused(t, fs, []string{"made: changed; it resumes where it was, and its watermark starts afresh", "- " + "watermark_delay complete"})
	write(t, fs, "job.yaml", strings.Replace(slowJob, "rows_per_second: 1000", "rows_per_second: 0", 1))
	said := strings.Replace(slowJob, "column: at }", "column: at, watermark_delay: complete }", 1) // as it is without a word
	write(t, fs, "job.yaml", strings.Replace(said, "rows_per_second: 1000", "rows_per_second: 0", 1))
	run, _ = startChanging(t, fs, Options{})
	if last, err := run.Wait(); err != nil || last.State != status.Finished {
		t.Fatalf("the job is %s: %v", last.State, err)
	}
	got := rows(t, fs, "out")
	if len(got) != 50 || !slices.Contains(got, "2013-01-01T00:10:00Z,2013-01-01T00:11:00Z,60") {
		t.Errorf("%d windows come out: %q", len(got), got)
	}
}
