package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/weirstream/weir/runtime/trial"
)

const brokenJob = `
name: payments
sources:
  payments:
    file: { path: payments.csv }
    format: csv
    schema: { account: string, amount: int64, at: timestamp }
    event_time: { column: at }
    on_error: dead_letter
steps:
  - id: shares
    select: [account, 100 / amount AS share]
    on_error: dead_letter
sinks:
  out: { input: shares, file: { path: out }, format: csv }
  broken: { input: payments.dead_letter, file: { path: broken }, format: csv }
  failed: { input: shares.dead_letter, file: { path: failed }, format: csv }
`

const payments = "account,amount,at\nada,1,2013-01-01T00:00:01Z\nbyron,twelve,2013-01-01T00:00:02Z\n" +
	"clara,0,2013-01-01T00:00:03Z\n\"d\x1b[1m\",x\xff,2013-01-01T00:00:04Z\nemil,4,\nfred,five,2013-01-01T00:00:05Z\n"

// enterBrokenFolder runs the job and goes to the folder that holds it, and its
// dead letters in broken and failed.
func enterBrokenFolder(t *testing.T) {
	t.Helper()
	t.Chdir(filepath.Dir(job(t, brokenJob)))
	if err := os.WriteFile("payments.csv", []byte(payments), 0o644); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := weir("run", "job.yaml"); code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
}

func TestDeadLetterList(t *testing.T) {
	enterBrokenFolder(t)
	for _, test := range []struct{ args, want string }{
		{"list failed", `step    position                         error                                  raw
shares  event time 2013-01-01T00:00:03Z  share: 100 / amount: division by zero  {"account":"clara","amount":0,"at":"2013-01-01T00:00:03Z"}

1 dead letter in failed: 1 of shares.
`},
		{"list broken --limit 1", `step      position        error                                            raw
payments  payments.csv:3  column "amount": "twelve" is not a whole number  byron,twelve,2013-01-01T00:00:02Z

4 dead letters in broken: 4 of payments. The first 1 are shown; --limit N shows more, --summary counts them.
`},
		{"list broken --kind record --summary", `letters  step      error                                     first
3        payments  column "amount": … is not a whole number  payments.csv:3
`},
		{"list broken --step shares", "broken holds no dead letters that wait.\n"},
		{"raw failed", `{"account":"clara","amount":0,"at":"2013-01-01T00:00:03Z"}` + "\n"},
		{"raw broken --kind record", "account,amount,at\nbyron,twelve,2013-01-01T00:00:02Z\n\"d\x1b[1m\",x\xff,2013-01-01T00:00:04Z\nfred,five,2013-01-01T00:00:05Z\n"},
	} {
		code, stdout, stderr := weir(append([]string{"dlq"}, strings.Fields(test.args)...)...)
		if code != 0 || stderr != "" || stdout != test.want {
			t.Errorf("%s: exit code %d, printed\n%s\nwant\n%s\n%s", test.args, code, stdout, test.want, stderr)
		}
	}
	if _, stdout, _ := weir("dlq", "list", "broken"); strings.Contains(stdout, "\x1b") || !strings.Contains(stdout, `"d\x1b[1m",x\xff,`) {
		t.Errorf("a terminal is shown\n%s", stdout)
	}
	if code, _, stderr := weir("dlq", "raw", "broken"); code != exitFailed ||
		stderr != "weir: broken holds records of payments and, as JSON, rows; they do not make one file; "+
			"choose with --kind record or --kind row\n" {
		t.Errorf("exit code %d, said %s", code, stderr)
	}
}

func TestDeadLetterListAsJSON(t *testing.T) {
	enterBrokenFolder(t)
	code, stdout, stderr := weir("dlq", "list", "broken", "--json", "--kind", "record")
	var letters []letterJSON
	for line := range strings.Lines(stdout) {
		var l letterJSON
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatal(err)
		}
		letters = append(letters, l)
	}
	if code != 0 || len(letters) != 3 {
		t.Fatalf("exit code %d, printed %s, said %s", code, stdout, stderr)
	}
	first, second := letters[0], letters[1]
	if first.Step != "payments" || first.Header != "account,amount,at" || first.Kind != "record" || first.Raw == nil ||
		*first.Raw != "byron,twelve,2013-01-01T00:00:02Z" || first.RawBase64 != "" {
		t.Errorf("the first is %+v", first)
	}
	if second.Raw != nil || second.RawBase64 != "ImQbWzFtIix4/ywyMDEzLTAxLTAxVDAwOjAwOjA0Wg==" {
		t.Errorf("the second is %+v", second)
	}
	if _, stdout, _ := weir("dlq", "list", "failed", "--json", "--limit", "1"); !strings.Contains(stdout,
		`"event_time":"2013-01-01T00:00:03Z"`) {
		t.Errorf("printed %s", stdout)
	}
}

// The records of a source go through a job that takes them, once.
func TestDeadLetterFeed(t *testing.T) {
	enterBrokenFolder(t)
	mended := strings.NewReplacer("amount: int64", "amount: string", "100 / amount AS share", "amount AS share").Replace(brokenJob)
	if err := os.WriteFile("job.yaml", []byte(mended), 0o644); err != nil {
		t.Fatal(err)
	}
	code, _, stderr := weir("dlq", "feed", "broken", "job.yaml")
	if code != 0 || !strings.Contains(stderr, "payments: fed 4 of payments in ") ||
		!strings.Contains(stderr, " 2 failed again and are new dead letters.\n") {
		t.Errorf("exit code %d, said %s", code, stderr)
	}
	var rows []string
	for _, name := range everything(t, "out") {
		if strings.HasSuffix(name, ".csv") {
			text, _ := os.ReadFile(name)
			rows = append(rows, strings.Split(strings.TrimSpace(string(text)), "\n")[1:]...)
		}
	}
	for _, want := range []string{"ada,100", "byron,twelve", "fred,five"} {
		if n := strings.Count(strings.Join(rows, "\n"), want); n != 1 {
			t.Errorf("%s is written %d times", want, n)
		}
	}
	code, _, stderr = weir("dlq", "feed", "failed", "job.yaml", "--set", "name=other", "--json")
	if lines := jsonLines(t, stderr); code != 0 || lines[len(lines)-1].Type != "end" || lines[len(lines)-1].Status.Job != "other" {
		t.Errorf("exit code %d, said %s", code, stderr)
	}
	if err := os.Mkdir("empty", 0o755); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr = weir("dlq", "feed", "empty", "job.yaml"); code != 0 ||
		stderr != "empty holds no dead letters that wait; there is nothing to do.\n" {
		t.Errorf("exit code %d, said %s", code, stderr)
	}
}

// untilSaid is standard output and error of a command that is interrupted at its
// first result, which returns when the command has said that it gives up.
type untilSaid struct {
	once sync.Once
	said chan struct{}
	text bytes.Buffer
}

func (u *untilSaid) Write(b []byte) (int, error) {
	u.once.Do(func() { _ = syscall.Kill(os.Getpid(), syscall.SIGTERM) })
	<-u.said
	return len(b), nil
}

func (u *untilSaid) errors() io.Writer {
	return writerFunc(func(b []byte) (int, error) {
		if bytes.Contains(b, []byte("stopping the feeding")) {
			close(u.said)
		}
		return u.text.Write(b)
	})
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

// A feeding that is interrupted has written nothing, and is done by the next.
func TestDeadLetterFeedIsInterrupted(t *testing.T) {
	enterBrokenFolder(t)
	mended := strings.NewReplacer("amount: int64", "amount: string", "100 / amount AS share", "amount AS share", "sinks:",
		"sinks:\n  seen: { input: shares, print: {} }").Replace(brokenJob)
	if err := os.WriteFile("job.yaml", []byte(mended), 0o644); err != nil {
		t.Fatal(err)
	}
	before := everything(t, "out")
	out := &untilSaid{said: make(chan struct{})}
	defer trial.Guard(t, out.text.String)()
	code := execute([]string{"dlq", "feed", "broken", "job.yaml"}, out, out.errors())
	if said := out.text.String(); code != exitFailed || !strings.Contains(said, "No result was written.") {
		t.Errorf("exit code %d, said %s", code, said)
	}
	written := func() (n int) {
		for _, name := range everything(t, "out") {
			if strings.HasPrefix(filepath.Base(name), "part-") {
				n++
			}
		}
		return n
	}
	if written() != 1 {
		t.Errorf("out holds %v, held %v", everything(t, "out"), before)
	}
	code, _, stderr := weir("dlq", "feed", "broken", "job.yaml")
	if code != 0 || !strings.Contains(stderr, "an earlier feeding did not finish") ||
		!strings.Contains(stderr, "fed 4 of payments") || written() != 2 {
		t.Errorf("exit code %d, said %s; out holds %v", code, stderr, everything(t, "out"))
	}
}

func TestDeadLetterRefusals(t *testing.T) {
	enterBrokenFolder(t)
	for _, test := range []struct {
		args string
		code int
		text string
	}{
		{"lsit", exitBadJob, `weir: there is no command "dlq lsit"; did you mean "list"?` + "\n"},
		{"list", exitBadJob, "weir: dlq list takes one folder or file, not 0: weir dlq list PATH\n"},
		{"list broken --kind rows", exitBadJob, "weir: --kind rows is not one of record, row, cut, rest; did you mean \"row\"?\n"},
		{"raw broken --kind cut", exitBadJob, "weir: --kind cut is not one of record, row\n"},
		{"list none", exitBadJob, "weir: none cannot be read: "},
		{"list payments.csv", exitFailed, `weir: payments.csv:1: no column is called "step"`},
		{"feed broken", exitBadJob, "weir: dlq feed takes a folder or file and a job file, not 1 arguments: weir dlq feed PATH JOB\n"},
		{"feed broken none.yaml", exitBadJob, "none.yaml: cannot be opened"},
		{"feed broken job.yaml --set sinks.out.input=none", exitBadJob, "--set sinks.out.input: "},
	} {
		code, _, stderr := weir(append([]string{"dlq"}, strings.Fields(test.args)...)...)
		if code != test.code || !strings.HasPrefix(stderr, test.text) {
			t.Errorf("%s: exit code %d, said %s", test.args, code, stderr)
		}
	}
	if _, err := os.Stat("broken/feeding"); err == nil {
		t.Error("something was moved")
	}
}

// A row that fails for its null event time once more says where it lies among the
// letters, for people.
func TestFedOnceMoreSaysWhere(t *testing.T) {
	enterBrokenFolder(t)
	if code, _, stderr := weir("dlq", "feed", "broken", "job.yaml"); code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	_, stdout, _ := weir("dlq", "list", "broken")
	found := false
	for line := range strings.Lines(stdout) {
		if strings.Contains(line, "event time column") {
			found = true
			if strings.Contains(line, `"file":`) || !strings.Contains(line, "before part-broken-") {
				t.Errorf("the position is %s", line)
			}
		}
	}
	if !found {
		t.Errorf("no letter is about the event time:\n%s", stdout)
	}
}
