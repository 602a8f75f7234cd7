package main

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"
)

// weir alone says how to begin, and what there is.
func TestHelp(t *testing.T) {
	code, stdout, stderr := weir()
	if code != 0 || stderr != "" {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	before := 0
	for _, want := range []string{"Begin with\n  weir new ", "weir new --from FILE.csv", "weir run JOB", "\nWork on jobs:\n  new ",
		"\n  lint ", "\n  explain ", "\n  run ",
		"\n  dlq ", "\nLook things up:\n  docs ", "\n  schema ", "\nBesides:\n", "\n  version ", "exit code is 0"} {
		at := strings.Index(stdout[before:], want)
		if at < 0 {
			t.Fatalf("%q does not stand behind what goes before it in\n%s", want, stdout)
		}
		before += at
	}
	for _, line := range strings.Split(stdout, "\n") {
		if len(line) > 100 {
			t.Errorf("this line is too long: %s", line)
		}
	}
	for _, args := range [][]string{{"help"}, {"-h"}, {"--help"}} {
		if _, out, _ := weir(args...); out != stdout {
			t.Errorf("weir %s prints\n%s", args[0], out)
		}
	}
}

// Every command has an example or a description, and help shows both.
func TestHelpOfCommands(t *testing.T) {
	for _, c := range rootCommand().Commands() {
		code, stdout, stderr := weir("help", c.Name())
		if code != 0 || stderr != "" || !strings.Contains(stdout, "Usage:\n  weir "+c.Name()) {
			t.Errorf("help %s: exit code %d: %s%s", c.Name(), code, stdout, stderr)
		}
		if _, out, _ := weir(c.Name(), "-h"); out != stdout {
			t.Errorf("%s -h prints\n%s", c.Name(), out)
		}
	}
	if _, stdout, _ := weir("dlq"); !strings.Contains(stdout, "Commands:\n  list ") {
		t.Errorf("dlq prints\n%s", stdout)
	}
}

// What is wrong with a command line is said in one line, with what was meant.
func TestWrongCommandLines(t *testing.T) {
	for _, test := range []struct{ line, want string }{
		{"rnu", `there is no command "rnu"; did you mean "run"?`},
		{"xyzzy", `there is no command "xyzzy"; there are new, lint, explain, run, state, dlq, serve, ps, logs, submit, stop, restart, savepoint, delete, docs, schema, completion, version`},
		{"dlq lsit", `there is no command "dlq lsit"; did you mean "list"?`},
		{"help rnu", `there is no command "rnu"; did you mean "run"?`},
		{"run job.yaml --paralelism 3", "run has no flag --paralelism; did you mean --parallelism?"},
		{"lint --zzzzzz", "lint has no flag --zzzzzz; weir lint -h lists those that it has"},
		{"run -x", "run has no flag -x; weir run -h lists those that it has"},
		{"run job.yaml --parallelism many", `--parallelism: "many" is not a whole number`},
		{"run job.yaml --drain=perhaps", `--drain: "perhaps" is not true or false`},
		{"run job.yaml --set", "--set needs a value"},
		{"version now", `version takes no arguments; remove "now"`},
		{"schema x", `schema takes no arguments; remove "x"`},
		{"completion", "completion takes the name of a shell: weir completion bash|zsh|fish"},
		{"completion fihs", `completion knows no shell "fihs"; did you mean "fish"?`},
	} {
		code, stdout, stderr := weir(strings.Fields(test.line)...)
		if code != exitBadJob || stdout != "" || stderr != "weir: "+test.want+"\n" {
			t.Errorf("weir %s: exit code %d, printed %q, said\n%swant\n%s", test.line, code, stdout, stderr, test.want)
		}
	}
}

// completed returns what a shell is offered at the end of a line.
func completed(args ...string) string {
	_, stdout, _ := weir(append([]string{"__completeNoDesc"}, args...)...)
	return strings.Join(strings.Fields(stdout), " ")
}

func TestCompletion(t *testing.T) {
	path := job(t, generated)
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{""}, "new lint explain run state dlq serve ps logs submit stop restart savepoint delete docs schema completion version help :4"},
		{[]string{"ru"}, "run :4"},
		{[]string{"run", ""}, "yaml yml :8"},
		{[]string{"run", path, ""}, ":4"},
		{[]string{"lint", path, ""}, "yaml yml :8"},
		{[]string{"run", path, "--show", ""}, "numbers even :4"},
		{[]string{"run", path, "--set", "steps.even.w"}, "steps.even.where= steps.even.window. :6"},
		{[]string{"run", "--show", ""}, ":4"},
		{[]string{"run", "--state-dir", ""}, ":16"},
		{[]string{"run", "--dr"}, "--drain :4"},
		{[]string{"new", "--from", ""}, "csv jsonl ndjson json geojson gz zst tsv txt :8"},
		{[]string{"dlq", "feed", ""}, ":16"},
		{[]string{"dlq", "feed", "broken", ""}, "yaml yml :8"},
		{[]string{"completion", ""}, "bash zsh fish :4"},
		{[]string{"help", "dlq", ""}, "list raw feed :4"},
	} {
		if got := completed(test.args...); got != test.want {
			t.Errorf("%q: got %q, want %q", test.args, got, test.want)
		}
	}
	if got := completed("docs", ""); !strings.Contains(got, " tumble ") || !strings.Contains(got, " lower ") {
		t.Errorf("of the reference, there are %q", got)
	}
}

// The scripts are what their shells can read; a shell that is not here is not
// asked.
func TestCompletionScripts(t *testing.T) {
	for _, shell := range shellNames {
		code, stdout, stderr := weir("completion", shell)
		if code != 0 || stderr != "" || !strings.Contains(stdout, "weir") {
			t.Errorf("%s: exit code %d: %s", shell, code, stderr)
			continue
		}
		if _, err := exec.LookPath(shell); err != nil {
			continue
		}
		check := exec.Command(shell, "-n")
		check.Stdin = bytes.NewReader([]byte(stdout))
		if out, err := check.CombinedOutput(); err != nil {
			t.Errorf("%s: %v: %s", shell, err, out)
		}
	}
}
