package deadletter

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/env/memfs"
)

// rowJob fails on rows in a step behind one that has dropped the event time's
// column, and in the first half of an aggregate.
const rowJob = `
name: rows
sources:
  events:
    file: { path: events.jsonl }
    format: json
    schema: { at: timestamp, kind: string, n: int64, price: "decimal(9,2)", f: float64, day: date, tags: [string], geo: { lat: float64, raw: bytes } }
    event_time: { column: at, watermark_delay: 0s }
    on_error: dead_letter
steps:
  - id: narrowed
    select: [kind, n, price, f, day, tags, geo]
  - id: shares
    select: [kind, %s AS share, price, f, day, tags, geo]
    on_error: dead_letter
  - id: sums
    key_by: [kind]
    where: %s
    window: { tumble: 1h }
    aggregate: { rows: count(*), share: sum(share), paid: sum(price) }
    on_error: dead_letter
sinks:
  rows: { input: shares, file: { path: rows }, format: json }
  results: { input: sums, file: { path: sums }, format: csv }
  broken: { input: events.dead_letter, file: { path: box }, format: %s }
  failed: { input: shares.dead_letter, file: { path: box }, format: %s }
  unsummed: { input: sums.dead_letter, file: { path: box }, format: %s }
`

func rowsJob(share, where, format string) string {
	return fmt.Sprintf(rowJob, share, where, format, format, format)
}

const events = `{"at":"2013-01-01T00:00:01Z","kind":"a","n":4,"price":1.10,"f":"NaN","day":"2013-01-01","tags":["x",null],"geo":{"lat":1.5,"raw":"AP8="}}
{"at":"2013-01-01T05:00:02Z","kind":"b","n":0,"price":2.20,"f":1e300,"day":"2013-01-02","tags":[],"geo":null}
{"at":"2013-01-01T01:00:03Z","kind":"a\n\"","n":0,"price":-3.30,"f":"-Infinity","day":null,"tags":null,"geo":{"lat":null,"raw":""}}
{"at":"2013-01-01T06:00:04Z","kind":"c","n":24,"price":4.40}
{"at":"2013-01-01T06:00:05Z","kind":"c","n":"many"}
`

// Rows that failed in a step go into that step, as they were, each with its event
// time, wherever it stood.
func TestFeedRows(t *testing.T) {
	for _, format := range []string{"csv", "json"} {
		fs := memfs.New()
		write(t, fs, "events.jsonl", events)
		write(t, fs, "job.yaml", rowsJob("12 / n", "100 / share > 1", format))
		start(t, fs)
		if got := letters(t, fs, "box"); !slices.Equal(got, []string{"events record", "shares row", "shares row", "sums row"}) {
			t.Fatalf("%s: the letters are %v", format, got)
		}
		write(t, fs, "job.yaml", rowsJob("CASE WHEN n = 0 THEN 0 ELSE 12 / n END", "share >= 0", format))
		rounds, last, err := feedAll(fs, "box")
		if err != nil || !slices.Equal(rounds, []string{"1 of events, 2 of shares, 1 of sums"}) {
			t.Fatalf("%s: %v: %v", format, rounds, err)
		}
		for _, s := range last.Steps {
			if c := s.Counters; c.In != c.Sum() || c.Late > 0 {
				t.Errorf("%s: %s: %+v", format, s.ID, c)
			}
		}
		want := `a,2013-01-01T00:00:00Z,2013-01-01T01:00:00Z,1,3,1.10
"a
""",2013-01-01T01:00:00Z,2013-01-01T02:00:00Z,1,0,-3.30
b,2013-01-01T05:00:00Z,2013-01-01T06:00:00Z,1,0,2.20
c,2013-01-01T06:00:00Z,2013-01-01T07:00:00Z,1,0,4.40`
		if got := sorted(t, fs, "sums"); got != ordered(want) {
			t.Errorf("%s: sums holds\n%s\nwant\n%s", format, got, ordered(want))
		}
		want = `{"kind":"a","share":3,"price":1.10,"f":"NaN","day":"2013-01-01","tags":["x",null],"geo":{"lat":1.5,"raw":"AP8="}}
{"kind":"a\n\"","share":0,"price":-3.30,"f":"-Infinity","day":null,"tags":null,"geo":{"lat":null,"raw":""}}
{"kind":"b","share":0,"price":2.20,"f":1e+300,"day":"2013-01-02","tags":[],"geo":null}
{"kind":"c","share":0,"price":4.40,"f":null,"day":null,"tags":null,"geo":null}`
		if got := content(t, fs, "rows"); got != want {
			t.Errorf("%s: rows holds\n%s\nwant\n%s", format, got, want)
		}
		if got := letters(t, fs, "box"); !slices.Equal(got, []string{"events record"}) {
			t.Errorf("%s: the letters are %v", format, got)
		}
	}
}

// Rows that do not fit the step any more are dead letters of it again, as they
// were, whichever of the job's steps and sinks reads them.
func TestFeedRowsThatDoNotFit(t *testing.T) {
	fs := memfs.New()
	write(t, fs, "events.jsonl", events)
	write(t, fs, "job.yaml", rowsJob("12 / n", "100 / share > 1", "csv"))
	start(t, fs)
	changed := strings.Replace(rowsJob("12 / n", "100 / share > 1", "csv"), "select: [kind, n,", "select: [length(kind) AS kind, n,", 1)
	write(t, fs, "job.yaml", changed)
	for range 2 {
		rounds, last, err := feedAll(fs, "box")
		if err != nil || !slices.Equal(rounds, []string{"1 of events, 2 of shares, 1 of sums"}) {
			t.Fatalf("%v: %v", rounds, err)
		}
		for _, s := range last.Steps {
			if c := s.Counters; c.In != c.Sum() || s.ID == "shares.fed" && c.DeadLetters != 2 {
				t.Errorf("%s: %+v", s.ID, c)
			}
		}
		if got := letters(t, fs, "box"); !slices.Equal(got, []string{"events record", "shares row", "shares row", "sums row"}) {
			t.Errorf("the letters are %v", got)
		}
	}
	write(t, fs, "job.yaml", rowsJob("CASE WHEN n = 0 THEN 0 ELSE 12 / n END", "share >= 0", "csv"))
	if _, _, err := feedAll(fs, "box"); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(content(t, fs, "rows"), "\n") + 1; got != 4 {
		t.Errorf("rows holds %d rows:\n%s", got, content(t, fs, "rows"))
	}
}

func ordered(text string) string {
	lines := strings.Split(text, "\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// start runs the job of a file system to its end.
func start(t *testing.T, fs *memfs.FS) {
	t.Helper()
	loaded, err := jobs.Load(builtin.Registry(), fs, "job.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	run, err := jobs.Start(loaded, jobs.Options{Env: environment(fs), StateDir: "state"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := run.Wait(); err != nil {
		t.Fatal(err)
	}
}

// letters returns step and kind of the letters that wait in a box, sorted.
func letters(t *testing.T, fs *memfs.FS, name string) (all []string) {
	t.Helper()
	box, err := Open(builtin.Registry(), fs, name)
	if err != nil {
		t.Fatal(err)
	}
	files, err := box.Files()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		err := box.Read(environment(fs), f, func(l Letter) error {
			all = append(all, l.Step+" "+string(l.Kind))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(all)
	return all
}
