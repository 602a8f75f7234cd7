package main

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/stream"
)

// line is what programs read.
type line struct {
	Type, Message, File, Class string
	Line, Column               int
	Status                     *struct {
		Job, State string
		Steps      []struct {
			Step                                                   string
			In, Accepted, Late, Dropped, DeadLetters, Skipped, Out int64
			Ended                                                  bool
		}
	}
}

func jsonLines(t *testing.T, text string) (lines []line) {
	for _, one := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if one == "" {
			continue
		}
		var l line
		if err := json.Unmarshal([]byte(one), &l); err != nil {
			t.Fatalf("%q: %v", one, err)
		}
		lines = append(lines, l)
	}
	return lines
}

func TestRunAsJSON(t *testing.T) {
	code, stdout, stderr := weir("run", job(t, generated), "--json")
	lines := jsonLines(t, stderr)
	if code != 0 || strings.Count(stdout, "\n") != 6 || len(lines) != 1 {
		t.Fatalf("exit code %d, printed %q, said %s", code, stdout, stderr)
	}
	end := lines[0]
	if end.Type != "end" || !strings.HasPrefix(end.Message, "generated finished in ") || end.Status.State != "finished" ||
		end.Status.Job != "generated" {
		t.Errorf("said %s", stderr)
	}
	if even := end.Status.Steps[1]; even.Step != "even" || even.In != 10 || even.Accepted != 10 || even.Out != 5 || !even.Ended {
		t.Errorf("said %s", stderr)
	}
}

// A job that ran ends with one line of the type end, however it ended.
func TestFailureAsJSON(t *testing.T) {
	code, _, stderr := weir("run", job(t, strings.Replace(generated, "n % 2 = 0", "1 / (n - 5) = 0", 1)), "--json")
	lines := jsonLines(t, stderr)
	last := lines[len(lines)-1]
	if code != exitFailed || last.Type != "end" || last.Status.State != "failed" || !strings.Contains(last.Message, "division by zero") {
		t.Errorf("exit code %d, said %s", code, stderr)
	}
	for _, l := range lines[:len(lines)-1] {
		if l.Type == "end" || l.Type == "error" {
			t.Errorf("said %s", stderr)
		}
	}
}

// Problems have one shape, on the stream on which each command says them.
func TestProblemsAsJSON(t *testing.T) {
	path := job(t, strings.Replace(generated, "where:", "were:", 1))
	want := []line{
		{Type: "problem", File: path, Line: 7, Column: 5, Message: `steps.even: there is no key "were"; did you mean "where"?`},
		{Type: "problem", File: "--set parallelism", Message: `parallelism: "0" is not a whole number from 1 to 1024`},
	}
	for _, command := range []string{"run", "lint"} {
		code, stdout, stderr := weir(command, path, "--json", "--set", "parallelism=0")
		text, silent := stderr, stdout
		if command == "lint" {
			text, silent = stdout, stderr
		}
		lines := jsonLines(t, text)
		if code != exitBadJob || silent != "" || len(lines) != 2 || lines[0] != want[0] || lines[1] != want[1] {
			t.Errorf("%s: exit code %d, said %s%s", command, code, text, silent)
		}
	}
	if code, stdout, stderr := weir("lint", job(t, generated), "--json"); code != 0 || stdout+stderr != "" {
		t.Errorf("exit code %d, said %s%s", code, stdout, stderr)
	}
	code, _, stderr := weir("run", job(t, generated), "--json", "--from", "now")
	if lines := jsonLines(t, stderr); code != exitBadJob || len(lines) != 1 || lines[0].Type != "error" ||
		!strings.HasPrefix(lines[0].Message, "--from") {
		t.Errorf("exit code %d, said %s", code, stderr)
	}
}

func TestProgressAsJSON(t *testing.T) {
	var said strings.Builder
	p := newProgress(voice{to: &said, json: true}, &graph.Graph{})
	p.tell(status.Job{Name: "job", State: status.Running, Steps: []status.Step{{ID: "in", Counters: stream.CounterValues{In: 7}}}})
	p.warn(errors.New("checkpoint 2 was given up"))
	lines := jsonLines(t, said.String())
	if len(lines) != 2 || lines[0].Type != "progress" || lines[0].Status.State != "running" || lines[0].Status.Steps[0].In != 7 {
		t.Errorf("said %s", said.String())
	}
	if lines[1].Type != "warning" || lines[1].Message != "checkpoint 2 was given up" || lines[1].Status != nil {
		t.Errorf("said %s", said.String())
	}
}

func TestShowAsJSON(t *testing.T) {
	code, stdout, stderr := weir("run", job(t, generated), "--json", "--show", "even", "--limit", "1")
	lines := jsonLines(t, stderr)
	if code != 0 || strings.Count(stdout, "\n") != 2 || len(lines) != 1 || lines[0].Type != "end" || lines[0].Status == nil ||
		lines[0].Status.State != "stopped" {
		t.Errorf("exit code %d, printed %q, said %s", code, stdout, stderr)
	}
}
