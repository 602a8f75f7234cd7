package deadletter

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/weirstream/weir/jobs"
	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/component"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/trial"
)

// job is a job with dead letters of a source, of a step and of a window's step.
// Its columns are text, so that nothing fails: %s is what makes it fail.
const job = `
name: letters
sources:
  events:
    file: { path: in/ }
    format: { csv: { delimiter: ";" } }
    schema: { at: timestamp, kind: string, n: %s }
    event_time: { column: at, watermark_delay: 0s }
    on_error: dead_letter
  others:
    file: { path: others.csv }
    format: csv
    schema: { at: timestamp, kind: string }
    event_time: { column: at }
steps:
  - id: checked
    input: events
    %s
    on_error: dead_letter
  - id: sums
    key_by: [kind]
    window: { tumble: 1h }
    aggregate: { rows: count(*) }
sinks:
  rows: { input: checked, file: { path: rows }, format: csv }
  results: { input: sums, file: { path: sums }, format: csv }
  copies: { input: others, file: { path: others }, format: csv }
  broken: { input: events.dead_letter, file: { path: broken }, format: %s }
  failed: { input: checked.dead_letter, file: { path: broken }, format: %s }
`

// strict fails on what lenient takes.
func strict(format string) string {
	return fmt.Sprintf(job, "int64", "select: [at, kind, n]", format, format)
}
func lenient(format string) string {
	return fmt.Sprintf(job, "string", "select: [at, kind, n]", format, format)
}

var input = map[string]string{
	"others.csv": "at,kind\n2013-01-01T00:00:00Z,x\n",
	// The columns stand in another order in the second file.
	"in/1.csv": "kind;n;at\na;1;2013-01-01T00:00:01Z\nb;two;2013-01-01T01:00:02Z\na;3;2013-01-01T02:00:03Z\n",
	"in/2.csv": "at;kind;n\n2013-01-01T00:00:04Z;c;four\n2013-01-01T02:00:05Z;\"d;\n\";five\n2013-01-01T02:00:06Z;a;6\n",
}

// world is a file system with a job that has run, and left dead letters.
func world(t *testing.T, job string) *memfs.FS {
	t.Helper()
	fs := memfs.New()
	for name, text := range input {
		write(t, fs, name, text)
	}
	write(t, fs, "job.yaml", job)
	start(t, fs)
	return fs
}

func environment(fs env.FS) env.Env {
	e := env.Real()
	e.Files = fs
	return e
}

// write replaces a file, durably.
func write(t *testing.T, fs env.FS, name, text string) {
	t.Helper()
	err := errors.Join(fs.MkdirAll(path.Dir(name)), env.RemoveAll(fs, name), env.WriteFile(fs, name, []byte(text)), fs.SyncDir(path.Dir(name)))
	if err != nil {
		t.Fatal(err)
	}
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if err := fs.SyncDir(path.Dir(dir)); err != nil {
			t.Fatal(err)
		}
	}
}

// feedAll feeds all letters of a box that wait, and returns what became of each round.
func feedAll(fs env.FS, box string) (rounds []string, last status.Job, err error) {
	return feedUntil(fs, box, nil)
}

// feedUntil is feedAll by a process that dies when dead is closed.
func feedUntil(fs env.FS, box string, dead <-chan struct{}) (rounds []string, last status.Job, err error) {
	return feedWith(builtin.Registry(), fs, box, dead)
}

// feedWith is feedUntil with the components of a registry.
func feedWith(r *component.Registry, fs env.FS, box string, dead <-chan struct{}) (rounds []string, last status.Job, err error) {
	pool := record.NewCheckedPool()
	b, err := Open(r, fs, box)
	if err != nil {
		return nil, last, err
	}
	load := func() (*jobs.Job, error) { return LoadAppending(r, fs, "job.yaml", nil) }
	feeder, err := NewFeeder(b, load, jobs.Options{Env: environment(fs), Pool: pool})
	if err != nil {
		return nil, last, err
	}
	for {
		round, err := feeder.Next()
		if err != nil || round == nil {
			return rounds, last, errors.Join(err, pool.Check())
		}
		run, err := round.Start()
		if err != nil {
			return rounds, last, err
		}
		ended := make(chan struct{})
		go func() {
			select {
			case <-dead:
				run.Cancel()
			case <-ended:
			}
		}()
		last, err = run.Wait()
		close(ended)
		if err != nil {
			return rounds, last, errors.Join(err, pool.Check())
		}
		if err := round.Finish(); err != nil {
			return rounds, last, err
		}
		rounds = append(rounds, round.String())
	}
}

// sorted returns the lines of the CSV files in a folder, headers left out.
func sorted(t *testing.T, fs env.FS, folder string) string {
	t.Helper()
	return gather(t, fs, folder, 1)
}

// content returns the lines of the files in a folder, sorted.
func content(t *testing.T, fs env.FS, folder string) string {
	t.Helper()
	return gather(t, fs, folder, 0)
}

func gather(t *testing.T, fs env.FS, folder string, headers int) string {
	t.Helper()
	names, err := fs.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, n := range names {
		if strings.HasSuffix(n, "/") {
			continue
		}
		text, err := env.ReadFile(fs, path.Join(folder, n))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")[headers:]...)
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}

const wantRows = `",five
2013-01-01T00:00:01Z,a,1
2013-01-01T00:00:04Z,c,four
2013-01-01T01:00:02Z,b,two
2013-01-01T02:00:03Z,a,3
2013-01-01T02:00:05Z,"d;
2013-01-01T02:00:06Z,a,6`

// Records that failed go through the job once it can take them, each once, with
// their own header and without being late; what the job read before is left alone.
func TestFeedRecords(t *testing.T) {
	fs := world(t, strict("csv"))
	write(t, fs, "job.yaml", lenient("csv"))
	rounds, last, err := feedAll(fs, "broken")
	if err != nil || !slices.Equal(rounds, []string{"3 of events"}) {
		t.Fatalf("%v: %v", rounds, err)
	}
	if got := sorted(t, fs, "rows"); got != wantRows {
		t.Errorf("rows holds\n%s\nwant\n%s", got, wantRows)
	}
	if got := sorted(t, fs, "others"); got != "2013-01-01T00:00:00Z,x" {
		t.Errorf("others holds\n%s", got)
	}
	for _, s := range last.Steps {
		if c := s.Counters; c.In != c.Sum() || c.Late > 0 {
			t.Errorf("%s: %+v", s.ID, c)
		}
	}
	rounds, _, err = feedAll(fs, "broken")
	if err != nil || rounds != nil || sorted(t, fs, "rows") != wantRows {
		t.Errorf("fed once more: %v, %v", rounds, err)
	}
	box, _ := Open(builtin.Registry(), fs, "broken")
	if files, err := box.Files(); err != nil || len(files) != 0 {
		t.Errorf("there wait %v: %v", files, err)
	}
	if names, _ := fs.ReadDir("broken"); !slices.Equal(names, []string{".weir/", "fed/"}) {
		t.Errorf("the box holds %v", names)
	}
}

// What fails again is a dead letter again, as it was, and waits for another time.
func TestFeedWhatFailsAgain(t *testing.T) {
	fs := world(t, strict("csv"))
	for range 3 {
		rounds, last, err := feedAll(fs, "broken")
		if err != nil || !slices.Equal(rounds, []string{"3 of events"}) {
			t.Fatalf("%v: %v", rounds, err)
		}
		if c := last.Steps[0].Counters; c.In != 3 || c.DeadLetters != 3 {
			t.Errorf("%+v", c)
		}
	}
	write(t, fs, "job.yaml", lenient("csv"))
	if _, _, err := feedAll(fs, "broken"); err != nil {
		t.Fatal(err)
	}
	if got := sorted(t, fs, "rows"); got != wantRows {
		t.Errorf("rows holds\n%s\nwant\n%s", got, wantRows)
	}
}

// A feeding that fails has written nothing and can be repeated.
func TestFeedThatFails(t *testing.T) {
	fs := world(t, strict("csv"))
	failing := strings.Replace(strings.Replace(lenient("csv"), "select: [at, kind, n]", "where: CAST(n AS int64) > 0", 1),
		"on_error: dead_letter\n  - id: sums", "\n  - id: sums", 1)
	failing = failing[:strings.Index(failing, "  failed:")]
	write(t, fs, "job.yaml", failing)
	for range 2 {
		if _, _, err := feedAll(fs, "broken"); err == nil || !strings.Contains(err.Error(), "CAST") {
			t.Fatalf("the feeding ends with: %v", err)
		}
		box, _ := Open(builtin.Registry(), fs, "broken")
		if files, err := box.Files(); err != nil || len(files) != 1 {
			t.Errorf("there wait %v: %v", files, err)
		}
	}
	write(t, fs, "job.yaml", lenient("csv"))
	if rounds, _, err := feedAll(fs, "broken"); err != nil || !slices.Equal(rounds, []string{"3 of events"}) {
		t.Fatalf("%v: %v", rounds, err)
	}
	if got := sorted(t, fs, "rows"); got != wantRows {
		t.Errorf("rows holds\n%s\nwant\n%s", got, wantRows)
	}
}

func TestFeedRefuses(t *testing.T) {
	fs := world(t, strict("csv"))
	datagen := `datagen: { rows: 1, columns: ["at = clock(2013-01-01T00:00:00Z, 1s, 0s)", "kind = sequence()", "n = sequence()"] }`
	for _, test := range []struct{ job, want string }{
		{strings.ReplaceAll(strict("csv"), "events", "flights"),
			`broken holds dead letters of "events", and the job has no such source or step; there are flights, others, checked, sums; ` +
				`feed them to the job that they are of, or give the step its name back`},
		{strings.NewReplacer("file: { path: in/ }\n    format: { csv: { delimiter: \";\" } }", datagen, "kind: string, n",
			"kind: int64, n").Replace(strict("csv")),
			`broken holds records of "events", which reads no records of a format in this job`},
	} {
		write(t, fs, "job.yaml", test.job)
		if _, _, err := feedAll(fs, "broken"); err == nil || err.Error() != test.want {
			t.Errorf("it says %v\nwant %s", err, test.want)
		}
		if there, _ := env.Exists(fs, "broken/feeding"); there {
			t.Error("something was moved")
		}
	}
	write(t, fs, "broken/notes.csv", "step,position\nx,y\n")
	if _, _, err := feedAll(fs, "broken/notes.csv"); err == nil ||
		!strings.Contains(err.Error(), `broken/notes.csv:1: no column is called "error"`) {
		t.Errorf("it says %v", err)
	}
}

// Wherever a feeding is killed or loses power, the next one completes it: each
// letter is fed once.
func TestFeedSurvivesCrashes(t *testing.T) {
	for _, test := range []struct{ name, job, lenient string }{
		{"one file", strict("csv"), lenient("csv")},
		{"a file for each of two steps", twoSteps("int64", "3"), twoSteps("string", "'3'")},
	} {
		t.Run(test.name, func(t *testing.T) {
			begin := world(t, test.job)
			write(t, begin, "job.yaml", test.lenient)
			crashEverywhere(t, begin)
		})
	}
}

func crashEverywhere(t *testing.T, begin *memfs.FS) {
	quiet := begin.Clone()
	quiet.StartLog()
	if _, _, err := feedAll(quiet, "broken"); err != nil {
		t.Fatal(err)
	}
	changes := len(quiet.TakeLog())
	if changes < 40 {
		t.Fatalf("a feeding changes only %d things", changes)
	}
	want := sorted(t, quiet, "rows")
	unfinished, written := 0, 0 // feedings that were found begun, and with their results written
	for i := range 2 * changes {
		at, power := i/2, i%2 == 1
		trial.Run(t, 1, func(c *trial.Case) {
			c.Describe(func() string { return fmt.Sprintf("crash at change %d, power cut %v", at, power) })
			after := crash(begin.Clone(), at, power, c.Random)
			if there, _ := env.Exists(after, "broken/feeding"); there {
				unfinished++
				if sorted(t, after, "rows") == want {
					written++
				}
			}
			if _, _, err := feedAll(after, "broken"); err != nil {
				c.Fatalf("then: %v", err)
			}
			if got := sorted(t, after, "rows"); got != want {
				c.Fatalf("rows holds\n%s\nwant\n%s", got, want)
			}
			if names, _ := after.ReadDir("broken"); !slices.Equal(names, []string{".weir/", "fed/"}) {
				c.Fatalf("the box holds %v", names)
			}
		})
	}
	if unfinished < changes || written < 10 || written > unfinished-10 {
		t.Errorf("of %d crashes at %d changes, %d left a feeding unfinished, %d of those with its results written", 2*changes, changes,
			unfinished, written)
	}
}

// twoSteps is a job in which records fail in the source, and a row in a step, where
// the number three is written as it is in a column of type n.
func twoSteps(n, three string) string {
	failing := fmt.Sprintf(`select: [at, kind, "CAST(CASE WHEN n = %s THEN kind ELSE '1' END AS %s) AS n"]`, three, n)
	return fmt.Sprintf(job, n, failing, "csv", "csv")
}

var errDead = errors.New("the process is dead")

// crash feeds until a change is about to be made and returns what is found then.
func crash(fs *memfs.FS, at int, power bool, random *rand.Rand) (after *memfs.FS) {
	var mu sync.Mutex
	done := 0
	dead := make(chan struct{})
	fs.Inject(func(op memfs.Op) memfs.Outcome {
		mu.Lock()
		defer mu.Unlock()
		if after != nil {
			return memfs.Outcome{Err: errDead}
		}
		if op.Changes() {
			if done++; done > at {
				if after = fs.Clone(); power {
					after = fs.CrashClone(random)
				}
				close(dead)
				return memfs.Outcome{Err: errDead}
			}
		}
		return memfs.Outcome{}
	})
	_, _, _ = feedUntil(fs, "broken", dead)
	if after == nil {
		after = fs.Clone() // it was over before
	}
	return after
}
