package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// asker is a standard error that waits for the address of a run, asks the routes there once
// the run is ready, and stops it.
type asker struct {
	t      *testing.T
	token  string
	routes []string

	said    bytes.Buffer
	once    sync.Once
	answers map[string]string // by route
	done    chan struct{}
}

var address = regexp.MustCompile(`https?://[\d.]+:\d+`)

func (a *asker) Write(text []byte) (int, error) {
	if at := address.Find(text); at != nil {
		a.once.Do(func() { go a.ask(string(at)) })
	}
	return a.said.Write(text)
}

func (a *asker) ask(url string) {
	defer close(a.done)
	for code := 0; code != http.StatusOK; {
		code, _ = a.get(url + "/readyz")
	}
	for code, text := 0, ""; !strings.Contains(text, `"step":`) && code >= 0; { // a goroutine has its labels once it has begun
		if code, text = a.get(url + "/debug/pprof/goroutine?debug=1"); code != http.StatusOK {
			code = -1 // the test says so
		}
	}
	for _, route := range a.routes {
		_, a.answers[route] = a.get(url + route)
	}
	_ = syscall.Kill(os.Getpid(), syscall.SIGTERM)
}

func (a *asker) get(url string) (code int, body string) {
	r, err := http.NewRequest("GET", url, nil)
	if err != nil {
		a.t.Error(err)
		return 0, ""
	}
	if a.token != "" {
		r.Header.Set("Authorization", "Bearer "+a.token)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		a.t.Error(err)
		return http.StatusOK, ""
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		a.t.Error(err)
	}
	return answer.StatusCode, string(text)
}

// endless makes the generated job one that does not end.
var endless = []string{"--set", "sources.numbers.datagen.rows_per_second=1000", "--set", "sources.numbers.datagen.rows=0",
	"--set", "sinks.out={ blackhole: {} }"}

// A run shows itself at the address that it says, and no longer once it has ended.
func TestRunServesHTTP(t *testing.T) {
	token := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(token, []byte("0123456789abcdef"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"--http", ":0"}, {"--http", "localhost:0", "--http-token-file", token}, {"--http", ":0", "--json"},
		{"--http", ":0", "--log-format", "json"}} {
		a := &asker{t: t, routes: []string{"/metrics", "/readyz", "/healthz", "/debug/pprof/goroutine?debug=1"},
			answers: map[string]string{}, done: make(chan struct{})}
		if len(args) == 4 && args[2] == "--http-token-file" {
			a.token = "0123456789abcdef"
		}
		code := execute(append(append([]string{"run", job(t, generated)}, endless...), args...), io.Discard, a)
		<-a.done
		if code != 0 {
			t.Fatalf("%v: exit code %d: %s", args, code, &a.said)
		}
		for route, want := range map[string]string{
			"/metrics":                       `weir_job_task_operator_numRecordsIn{job_name="generated",operator_name="even",subtask_index="0"} `,
			"/readyz":                        "generated: running\n",
			"/healthz":                       "ok\n",
			"/debug/pprof/goroutine?debug=1": `labels: {"job":"generated", "step":"numbers -> even -> out", "subtask":"0"}`,
		} {
			if !strings.Contains(a.answers[route], want) {
				t.Errorf("%v: %s answers %s, without %s", args, route, a.answers[route], want)
			}
		}
		url := address.FindString(a.said.String())
		if _, err := http.Get(url + "/healthz"); err == nil {
			t.Errorf("%v: %s answers behind the end", args, url)
		}
	}
}

// What is wrong with the flags of HTTP and of the log is said before the job starts.
func TestHTTPFlags(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--http", "0.0.0.0:0"}, "weir: --http: 0.0.0.0:0 can be reached by other machines, and so takes a token and TLS: give " +
			"--http-token-file FILE, --http-cert FILE and --http-key FILE; or use 127.0.0.1:0, which only this machine reaches\n"},
		{[]string{"--http", "9249"}, "weir: --http: \"9249\" is no address; give HOST:PORT, or :PORT for this machine only, such as :9249\n"},
		{[]string{"--http-cert", "x"}, "weir: --http-cert is for --http: weir run JOB --http :9249 --http-cert FILE\n"},
		{[]string{"--http", ":0", "--http-token-file", "nowhere"}, "weir: --http: --http-token-file: open nowhere: no such file or directory\n"},
		{[]string{"--http", ":0", "--show", "even"}, "weir: --http makes no sense with --show, which ends after its first rows\n"},
		{[]string{"--log-format", "xml"}, "weir: --log-format \"xml\" is not text or json\n"},
		{[]string{"--log-format", "json", "--json"}, "weir: --json and --log-format json both say"},
	} {
		code, stdout, stderr := weir(append([]string{"run", job(t, generated)}, c.args...)...)
		if code != exitBadJob || stdout != "" || !strings.HasPrefix(stderr, c.want) {
			t.Errorf("%v: exit code %d, printed %q, said %q, want %q", c.args, code, stdout, stderr, c.want)
		}
	}
}

// logLines reads a log, each line of which is an object with time, level and message.
func logLines(t *testing.T, text string) (lines []map[string]any) {
	t.Helper()
	for line := range strings.Lines(text) {
		var l map[string]any
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if l["time"] == nil || l["level"] == nil || l["msg"] == nil {
			t.Errorf("the line %s lacks something", line)
		}
		lines = append(lines, l)
	}
	return lines
}

// find returns the first line with a message.
func find(t *testing.T, lines []map[string]any, message string) map[string]any {
	t.Helper()
	for _, l := range lines {
		if strings.Contains(l["msg"].(string), message) {
			return l
		}
	}
	t.Errorf("no line says %q: %v", message, lines)
	return nil
}

func expect(t *testing.T, line map[string]any, want map[string]any) {
	t.Helper()
	for key, value := range want {
		if line[key] != value {
			t.Errorf("%s is %v in %v, want %v", key, line[key], line, value)
		}
	}
}

func TestLogOfARun(t *testing.T) {
	state := t.TempDir()
	code, _, stderr := weir("run", job(t, generated), "--log-format", "json", "--state-dir", state)
	lines := logLines(t, stderr)
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	for _, l := range lines {
		if l["job"] != "generated" {
			t.Errorf("%v is not of the job", l)
		}
	}
	expect(t, find(t, lines, "the job has begun"), map[string]any{"level": "INFO", "generation": 1.0})
	expect(t, find(t, lines, "checkpoint decided"), map[string]any{"level": "INFO", "checkpoint": 1.0})
	expect(t, find(t, lines, "rows of a step"), map[string]any{"step": "numbers", "in": 10.0, "out": 10.0})
	expect(t, find(t, lines, "generated finished in "), map[string]any{"state": "finished", "checkpoint": 1.0})
}

// A failure is one line, which names the step; so is each problem of a job file, by its place.
func TestLogOfFailures(t *testing.T) {
	code, _, stderr := weir("run", job(t, strings.Replace(generated, "n % 2 = 0", "1 / (n - 5) = 0", 1)), "--log-format", "json")
	if code != exitFailed {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	expect(t, find(t, logLines(t, stderr), "division by zero"), map[string]any{"level": "ERROR", "step": "even", "job": "generated",
		"state": "failed"})
	path := job(t, strings.Replace(generated, "where:", "were:", 1))
	code, _, stderr = weir("run", path, "--log-format", "json")
	if code != exitBadJob {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	expect(t, find(t, logLines(t, stderr), "there is no key"), map[string]any{"level": "ERROR", "file": path, "line": 7.0})
	if code, _, stderr = weir("run", path, "--log-format", "text"); code != exitBadJob || strings.HasPrefix(stderr, "{") {
		t.Errorf("as text: exit code %d: %s", code, stderr)
	}
}
