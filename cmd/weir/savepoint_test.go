package main

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

const countsJob = `
name: counts
sources:
  numbers:
    datagen: { rows: 40000, rows_per_second: 2000, columns: ["n = sequence()", "k = keys(7)", "at = clock(2024-01-01T00:00:00Z, 1s, 0s)"] }
    schema: { n: int64, k: string, at: timestamp }
    event_time: { column: at, watermark_delay: 1s }
steps:
  - id: sums
    key_by: [k]
    window: { tumble: 1h }
    aggregate: { total: sum(n), rows: count(*) }
sinks:
  out: { file: { path: out }, format: csv }
`

// atOnce makes the job as fast as it can be.
var atOnce = []string{"--set", "sources.numbers.datagen.rows_per_second=0"}

// running is a weir run in the background, which is reached over HTTP.
type running struct {
	t     *testing.T
	where chan string // its URL
	once  sync.Once
	code  chan int

	mu   sync.Mutex
	said bytes.Buffer
}

const token = "0123456789abcdef"

func (r *running) Write(text []byte) (int, error) {
	if at := address.Find(text); at != nil {
		r.once.Do(func() { r.where <- string(at) })
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.said.Write(text)
}

// runInBackground starts a run and waits until it is ready. flags reach it.
func runInBackground(t *testing.T, args ...string) (r *running, flags []string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(token), 0o600); err != nil {
		t.Fatal(err)
	}
	r = &running{t: t, where: make(chan string, 1), code: make(chan int, 1)}
	go func() {
		r.code <- execute(append([]string{"run", "--http", ":0", "--http-token-file", file}, args...), io.Discard, r)
	}()
	var url string
	select {
	case url = <-r.where:
	case code := <-r.code:
		t.Fatalf("exit code %d: %s", code, &r.said)
	}
	for ready := false; !ready; {
		answer, err := http.Get(url + "/readyz")
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		ready = answer.StatusCode == http.StatusOK
	}
	return r, []string{"--http", url, "--http-token-file", file}
}

// outputRows returns all rows that a folder shows, sorted.
func outputRows(t *testing.T, folder string) (rows []string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(folder, "part-*.csv"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(strings.TrimSpace(string(content)), "\n") {
			if i > 0 {
				rows = append(rows, line)
			}
		}
	}
	slices.Sort(rows)
	return rows
}

// A job that is stopped with a savepoint and goes on from it elsewhere, at another parallelism,
// shows what an undisturbed one does. So do a savepoint of it while it runs, beside it, and
// one of what it left behind.
func TestSavepointCommands(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("job.yaml", []byte(countsJob), 0o644); err != nil {
		t.Fatal(err)
	}
	expect := func(want string, args ...string) {
		t.Helper()
		code, stdout, stderr := weir(args...)
		text := stdout + stderr
		if !regexp.MustCompile(want).MatchString(text) {
			t.Fatalf("weir %q gives %d: %s\nand not %s", args, code, text, want)
		}
	}
	run := func(args ...string) {
		t.Helper()
		if code, _, stderr := weir(slices.Concat([]string{"run", "job.yaml"}, atOnce, args)...); code != 0 {
			t.Fatalf("run %q: exit code %d: %s", args, code, stderr)
		}
	}
	run("--set", "sinks.out.file.path=undisturbed")
	want := outputRows(t, "undisturbed")

	r, flags := runInBackground(t, "job.yaml", "--state-dir", "state")
	with := func(args ...string) []string { return append(args, flags...) }
	expect(`^Checkpoint 1 is a savepoint in /.*/running\.\n$`, with("savepoint", "running")...)
	expect(`/running cannot hold a savepoint: it is not empty, but has savepoint; name a folder that is not there yet`,
		with("savepoint", "running")...)
	expect(`no job "other" runs here`, with("savepoint", "x", "--job", "other")...)
	expect(`^counts stopped at checkpoint 2, which is a savepoint in /.*/stopped\.\n$`, with("stop", "--savepoint", "stopped")...)
	if code := <-r.code; code != 0 {
		t.Fatalf("exit code %d: %s", code, &r.said)
	}
	expect(`^Checkpoint 2 is a savepoint in later\.\n$`, "savepoint", "later", "--state-dir", "state")

	run("--state-dir", "moved", "--from-savepoint", "stopped", "--parallelism", "3")
	if got := outputRows(t, "out"); !slices.Equal(got, want) {
		t.Errorf("behind the move there are %d rows, and not %d:\n%q\n%q", len(got), len(want), got, want)
	}
	expect(`counts has already finished`, "run", "job.yaml", "--state-dir", "moved", "--from-savepoint", "stopped")

	expect(`its job went on when it was taken, .*: out\.`, "run", "job.yaml", "--state-dir", "beside", "--from-savepoint", "running")
	run("--state-dir", "beside", "--from-savepoint", "running", "--set", "sinks.out.file.path=elsewhere", "--allow-changed")
	if got := outputRows(t, "elsewhere"); len(got) == 0 || !subset(got, want) {
		t.Errorf("beside it there are %d rows:\n%q\n%q", len(got), got, want)
	}

	expect(`its job has gone on since, and has shown output of later checkpoints: out\.`,
		"run", "job.yaml", "--state-dir", "third", "--from-savepoint", "later")
	expect(`they did not begin with this savepoint`, "run", "job.yaml", "--state-dir", "moved", "--from-savepoint", "running", "--allow-duplicates")
	expect(`savepoint nowhere is not there`, "run", "job.yaml", "--state-dir", "fourth", "--from-savepoint", "nowhere")
	expect(`it has no file "savepoint", so it is none`, "run", "job.yaml", "--state-dir", "fourth", "--from-savepoint", "out")
}

func subset(some, all []string) bool {
	return !slices.ContainsFunc(some, func(row string) bool { return !slices.Contains(all, row) })
}

// A drained job is finished.
func TestStopDrains(t *testing.T) {
	r, flags := runInBackground(t, job(t, generated), "--set", "sources.numbers.datagen.rows_per_second=1000",
		"--set", "sources.numbers.datagen.rows=0", "--set", "sinks.out={ blackhole: {} }")
	code, stdout, stderr := weir(append([]string{"stop", "--drain"}, flags...)...)
	if code != 0 || stdout != "generated finished at checkpoint 1.\n" {
		t.Errorf("exit code %d: %s%s", code, stdout, stderr)
	}
	if code := <-r.code; code != 0 {
		t.Errorf("exit code %d: %s", code, &r.said)
	}
}

// What is wrong with a command line is said before anything is asked.
func TestSavepointFlags(t *testing.T) {
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"stop"}, exitBadJob, "weir: stop takes the address of the process: weir stop --http :9249 --http-token-file FILE\n"},
		{[]string{"stop", "--http", ":1"}, exitBadJob,
			"weir: to act on a job takes the token that it was started with: give --http-token-file FILE\n"},
		{[]string{"stop", "--http", ":1", "--drain", "--savepoint", "x"}, exitBadJob, "weir: --drain finishes the job, so that nothing goes on " +
			"from a savepoint of it; give one of --drain and --savepoint\n"},
		{[]string{"savepoint"}, exitBadJob, "weir: savepoint takes one folder, not 0: weir savepoint FOLDER --state-dir DIR\n"},
		{[]string{"savepoint", "x"}, exitBadJob, "weir: savepoint takes one of --state-dir DIR, of a job that does not run, and --http ADDRESS, of " +
			"one that does\n"},
		{[]string{"savepoint", "x", "--state-dir", "nowhere"}, exitFailed, "weir: nowhere is not there\n"},
		{[]string{"run", "job.yaml", "--show", "x", "--from-savepoint", "y"}, exitBadJob, "weir: --from-savepoint makes no sense with --show, which " +
			"keeps no checkpoints and resumes from none\n"},
	} {
		if code, _, stderr := weir(c.args...); code != c.code || stderr != c.want {
			t.Errorf("%q gives %d: %q", c.args, code, stderr)
		}
	}
}
