package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// in runs a test in a folder of its own.
func in(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// The first thing that a newcomer does works: a job is written, and runs.
func TestNewAndRun(t *testing.T) {
	in(t)
	code, stdout, stderr := weir("new")
	if code != 0 || stdout != "" {
		t.Fatalf("exit code %d, printed %q: %s", code, stdout, stderr)
	}
	want := "my-job.yaml is written. Next:\n  weir run my-job.yaml\n  weir run my-job.yaml --show orders\n"
	if stderr != want {
		t.Errorf("said\n%swant\n%s", stderr, want)
	}
	for _, line := range strings.Split(stderr, "\n")[1:3] {
		if code, stdout, stderr := weir(strings.Fields(line)[1:]...); code != 0 || strings.Count(stdout, "\n") < 10 {
			t.Errorf("%s: exit code %d, printed %q: %s", line, code, stdout, stderr)
		}
	}
}

const shops = "at;shop;amount\n2013-01-01T00:00:00Z;north;1\n2013-01-01T00:00:01Z;south;2\n2013-01-01T00:00:02Z;north;3\n2013-01-01T00:00:03Z;south;4\n"

// A draft reads its file from wherever the job is written.
func TestNewFromFile(t *testing.T) {
	in(t)
	write(t, "data/2013 shops.csv", shops)
	for _, test := range []struct {
		args []string
		file string
		path string
	}{
		{nil, "job-2013-shops.yaml", "data/2013 shops.csv"},
		{[]string{"sales"}, "sales.yaml", "data/2013 shops.csv"},
		{[]string{"jobs/sales.yml"}, "jobs/sales.yml", "../data/2013 shops.csv"},
	} {
		code, _, stderr := weir(append([]string{"new", "--from", "data/2013 shops.csv"}, test.args...)...)
		if code != 0 || !strings.Contains(stderr, test.file+" is written. Next:\n  weir run "+test.file+"\n") {
			t.Fatalf("%v: exit code %d: %s", test.args, code, stderr)
		}
		text, err := os.ReadFile(test.file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), "{ path: "+test.path+" }") {
			t.Errorf("%v: the path is not %s in\n%s", test.args, test.path, text)
		}
		code, stdout, stderr := weir("run", test.file)
		if code != 0 || !strings.Contains(stdout, "north") {
			t.Errorf("%v: exit code %d, printed %q: %s", test.args, code, stdout, stderr)
		}
	}
}

// What is there already is kept, and what went wrong leaves nothing.
func TestNewRefuses(t *testing.T) {
	in(t)
	write(t, "mine.yaml", "mine")
	write(t, "bare.csv", "a,b\n")
	for _, test := range []struct {
		args []string
		code int
		text string
	}{
		{[]string{"mine"}, exitBadJob, "weir: new: mine.yaml is there already; give another name, or --force to overwrite it\n"},
		{[]string{"--from", "none.csv"}, exitBadJob, "weir: new: stat none.csv: no such file or directory\n"},
		{[]string{"--from", "bare.csv"}, exitBadJob, "weir: new: bare.csv has a header and no rows; there is nothing to guess from\n"},
		{[]string{"--from", "-"}, exitBadJob, "weir: new: a draft is made from a file; write standard input to one\n"},
		{[]string{"--from", "."}, exitBadJob, "weir: new: . is a folder; draft a job from one of its files, " +
			"and then give it the folder as path\n"},
		{[]string{"a", "b"}, exitBadJob, "weir: new takes one name, not 2: weir new NAME\n"},
	} {
		code, stdout, stderr := weir(append([]string{"new"}, test.args...)...)
		if code != test.code || stdout != "" || stderr != test.text {
			t.Errorf("%v: exit code %d, printed %q, said\n%swant\n%s", test.args, code, stdout, stderr, test.text)
		}
	}
	if text, _ := os.ReadFile("mine.yaml"); string(text) != "mine" {
		t.Errorf("mine.yaml is now %q", text)
	}
	if found, _ := filepath.Glob("*.yaml"); len(found) != 1 {
		t.Errorf("there are %q", found)
	}
	if code, _, stderr := weir("new", "mine", "--force"); code != 0 {
		t.Errorf("--force: exit code %d: %s", code, stderr)
	}
}

func TestExplain(t *testing.T) {
	path := job(t, generated)
	for _, test := range []struct{ flag, want string }{
		{"--parallelism=4", "parallelism 4\n"},
		{"--mermaid", "flowchart TD\n"},
		{"--json", `"job": "generated"`},
	} {
		code, stdout, stderr := weir("explain", path, test.flag)
		if code != 0 || stderr != "" || !strings.Contains(stdout, test.want) {
			t.Errorf("%s: exit code %d, said %q, printed\n%s", test.flag, code, stderr, stdout)
		}
	}
	if code, _, stderr := weir("explain", path, "--json", "--mermaid"); code != exitBadJob ||
		!strings.Contains(stderr, "one thing at a time") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	if code, _, stderr := weir("explain", job(t, "name: x")); code != exitBadJob || !strings.Contains(stderr, "job.yaml:1:1: ") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
}
