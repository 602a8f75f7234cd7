package jobs

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/trial"
)

func TestParseRange(t *testing.T) {
	for _, test := range []struct{ from, until, want string }{
		{"", "", "<nil>"},
		{"2013-01-05", "", "from 2013-01-05T00:00:00Z"},
		{"", "2013-01-05T12:00:00+02:00", "until 2013-01-05T10:00:00Z"},
		{"2013-01-05", "2013-01-06", "from 2013-01-05T00:00:00Z until 2013-01-06T00:00:00Z"},
		{"yesterday", "", `from: "yesterday" is neither a date such as 2013-01-05 nor a time such as 2013-01-05T18:00:00Z`},
		{"", "2013-02-30", `until: "2013-02-30" is neither a date such as 2013-01-05 nor a time such as 2013-01-05T18:00:00Z`},
		{"2013-01-06", "2013-01-06T00:00:00Z", "from 2013-01-06 is not before until 2013-01-06T00:00:00Z: nothing lies between them"},
	} {
		r, err := ParseRange(test.from, test.until)
		got := "<nil>"
		switch {
		case err != nil:
			got = err.Error()
		case r != nil:
			got = r.String()
		}
		if got != test.want {
			t.Errorf("ParseRange(%q, %q): %s, want %s", test.from, test.until, got, test.want)
		}
	}
}

const replayJob = `
name: replay
sources:
  events:
    file: { path: in/, parallel: %v }
    format: csv
    schema: { at: timestamp, kind: string, n: int64 }
    event_time: { column: at, watermark_delay: 5s }
    on_error: drop
steps:
  - id: sums
    input: events
    key_by: [kind]
    window: { tumble: 10s, allowed_lateness: 2s }
    aggregate: { rows: count(*), n: sum(n) }
sinks:
  rows: { input: events, file: { path: rows }, format: csv }
  out: { input: sums, file: { path: out }, format: csv }
  late: { input: sums.late, file: { path: late }, format: csv }
`

// A run over a range is the run over the input without what is outside: in rows,
// results and late rows, for any input.
func TestReplayIsTheRunOverFilteredInput(t *testing.T) {
	origin := record.TimeOf(time.Date(2013, 1, 1, 0, 0, 0, 0, time.UTC))
	lateRows, skippedRows := 0, int64(0)
	whole := trial.Run(t, 60, func(c *trial.Case) {
		random := c.Random
		r := &graph.Range{From: origin.Add(time.Duration(random.IntN(60)) * time.Second), Until: record.MaxTime}
		if random.IntN(3) > 0 {
			r.Until = r.From.Add(time.Duration(1+random.IntN(60)) * time.Second)
		}
		if random.IntN(4) == 0 {
			r.From = record.MinTime
		}
		c.Describe(func() string { return fmt.Sprint("the range is ", r) })
		job := fmt.Sprintf(replayJob, random.IntN(2) == 0)
		all, inside := map[string]string{"job.yaml": job}, map[string]string{"job.yaml": job}
		outside := int64(0)
		for file := range 3 {
			name := fmt.Sprintf("in/%d.csv", file)
			all[name], inside[name] = "at,kind,n\n", "at,kind,n\n"
			for row := range 80 {
				at := origin.Add(time.Duration(row+random.IntN(15)) * time.Second)
				line := fmt.Sprintf("%v,%c,%d\n", at, 'a'+rune(random.IntN(3)), random.IntN(100))
				switch random.IntN(20) {
				case 0:
					line = ",a,1\n" // fails for want of an event time, replay or not
				case 1:
					line = "broken\n"
				default:
					if !r.Holds(at) {
						all[name] += line
						outside++
						continue
					}
				}
				all[name] += line
				inside[name] += line
			}
		}
		replayed, filtered := files(t, all), files(t, inside)
		last := replay(t, replayed, r, "state")
		runOn(t, filtered, "job.yaml", "state")
		for _, folder := range []string{"rows", "out", "late"} {
			got, want := present(t, replayed, folder), present(t, filtered, folder)
			if strings.Join(got, "\n") != strings.Join(want, "\n") {
				c.Fatalf("%s holds\n%s\nwant\n%s", folder, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			if folder == "late" {
				lateRows += len(got)
			}
		}
		for _, s := range last.Steps {
			if c := s.Counters; c.In != c.Sum() || s.ID == "events" && c.Skipped != outside {
				t.Fatalf("%s skipped %d rows, want %d in %+v", s.ID, c.Skipped, outside, c)
			}
		}
		skippedRows += outside
	})
	if whole && (lateRows < 100 || skippedRows < 1000) {
		t.Errorf("the inputs were too tame: %d late, %d skipped", lateRows, skippedRows)
	}
}

// present is rows for a folder that need not exist.
func present(t *testing.T, fs *memfs.FS, folder string) []string {
	if there, err := env.Exists(fs, folder); err != nil || !there {
		return nil
	}
	return rows(t, fs, folder)
}

func replay(t *testing.T, fs *memfs.FS, r *graph.Range, stateDir string) status.Job {
	t.Helper()
	last, err := tryReplay(t, fs, r, stateDir)
	if err != nil {
		t.Fatal(err)
	}
	return last
}

func tryReplay(t *testing.T, fs *memfs.FS, r *graph.Range, stateDir string) (status.Job, error) {
	t.Helper()
	job, err := Load(builtin.Registry(), fs, "job.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	if r != nil {
		if err := Replay(job, r); err != nil {
			return status.Job{}, err
		}
	}
	o := Options{Env: env.Real(), StateDir: stateDir, Pool: record.NewCheckedPool()}
	o.Env.Files = fs
	run, err := Start(job, o)
	if err != nil {
		t.Fatal(err)
	}
	last, err := run.Wait()
	if poolErr := o.Pool.Check(); poolErr != nil {
		t.Error(poolErr)
	}
	return last, err
}

func TestReplayNeedsEventTime(t *testing.T) {
	fs := files(t, map[string]string{"job.yaml": tinyJob, "numbers.csv": "n\n1\n"})
	_, err := tryReplay(t, fs, &graph.Range{Until: 5}, "state")
	want := `source "numbers" has no event time, by which a range selects rows; give it one: event_time: { column: … }`
	if err == nil || err.Error() != want {
		t.Errorf("it says %v", err)
	}
}

// firstWrite tells when something is first printed.
type firstWrite struct {
	once sync.Once
	done chan struct{}
}

func (w *firstWrite) Write(b []byte) (int, error) {
	w.once.Do(func() { close(w.done) })
	return len(b), nil
}

const clockJob = `
name: clock
sources:
  ticks:
    datagen: { rows: 0, rows_per_second: 1000, columns: ["at = clock(2013-01-01T00:00:00Z, 1s, 0s)"] }
    schema: { at: timestamp }
    event_time: { column: at }
sinks:
  out: { input: ticks, print: {} }
`

// A replay that was stopped goes on over its own range only.
func TestReplayGoesOnOverItsOwnRange(t *testing.T) {
	fs := files(t, map[string]string{"job.yaml": clockJob})
	for _, test := range []struct{ from, until, refusal string }{
		{"2013-01-01", "", ""},
		{"2013-01-01", "", ""},
		{"2013-01-01", "2014-01-01", "- event time from 2013-01-01T00:00:00Z\n+ event time from 2013-01-01T00:00:00Z until " +
			"2014-01-01T00:00:00Z\n"},
		{"", "", "- event time from 2013-01-01T00:00:00Z\n"},
	} {
		r, err := ParseRange(test.from, test.until)
		if err != nil {
			t.Fatal(err)
		}
		job, err := Load(builtin.Registry(), fs, "job.yaml", nil)
		if err == nil && r != nil {
			err = Replay(job, r)
		}
		if err != nil {
			t.Fatal(err)
		}
		printed := &firstWrite{done: make(chan struct{})}
		o := Options{Env: env.Real(), StateDir: "state"}
		o.Env.Files, o.Env.Stdout = fs, printed
		run, err := Start(job, o)
		if err != nil {
			t.Fatal(err)
		}
		if test.refusal == "" {
			<-printed.done
			run.Stop()
		}
		last, err := run.Wait()
		switch {
		case test.refusal == "" && (err != nil || last.State != status.Stopped):
			t.Fatalf("%+v: the job is %s: %v", test, last.State, err)
		case test.refusal != "" && (err == nil || !strings.Contains(strings.ReplaceAll(err.Error(), "\n  ", "\n")+"\n", test.refusal)):
			t.Errorf("%+v: it says %v", test, err)
		case test.refusal != "" && !strings.Contains(err.Error(), "ticks: changed; it is read from its start"):
			t.Errorf("%+v: rows that were skipped would be skipped for good: %v", test, err)
		}
	}
}
