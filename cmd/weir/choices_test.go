package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Where a job does not go on by itself, its error says with which options it would,
// and the class of the event that starting it again is no help.
func TestChoices(t *testing.T) {
	path, state := job(t, generated), t.TempDir()
	run := func(more ...string) (code int, stderr string) {
		var out interrupter
		var said bytes.Buffer
		args := []string{"run", path, "--state-dir", state, "--set", "sources.numbers.datagen.rows=0", "--set",
			"sources.numbers.datagen.rows_per_second=1000"}
		code = execute(append(args, more...), &out, &said)
		return code, said.String()
	}
	refused := func(want string, more ...string) {
		t.Helper()
		if code, stderr := run(more...); code != exitFailed || !strings.HasSuffix(stderr, want+"\n") {
			t.Errorf("exit code %d, said %s", code, stderr)
		}
		_, stderr := run(append(more, "--json")...)
		if lines := jsonLines(t, stderr); lines[len(lines)-1].Class != "fatal" || !strings.Contains(lines[len(lines)-1].Message, want) {
			t.Errorf("said %s", stderr)
		}
	}
	goesOn := func(more ...string) (stderr string) {
		t.Helper()
		code, stderr := run(more...)
		if code != 0 {
			t.Fatalf("exit code %d, said %s", code, stderr)
		}
		return stderr
	}
	goesOn()
	goesOn()
	for range 2 {
		damage(t, filepath.Join(state, "manifests"))
		refused("\n--allow-duplicates starts the job like that.")
		said := goesOn("--allow-duplicates")
		for _, part := range []string{"weir: warning: checkpoints in " + state, "manifests/g", "The job resumes from checkpoint", " twice\n"} {
			if !strings.Contains(said, part) {
				t.Errorf("with --allow-duplicates there is no %q in: %s", part, said)
			}
		}
		goesOn()
	}
	damage(t, filepath.Join(state, "manifests"))
	warned := func(line line) bool {
		return line.Type == "warning" && strings.Contains(line.Message, "The job resumes from checkpoint")
	}
	if said := goesOn("--allow-duplicates", "--json"); !slices.ContainsFunc(jsonLines(t, said), warned) {
		t.Errorf("no warning in: %s", said)
	}
	other := []string{"--set", `sources.numbers.datagen.columns=["n = uniform(1, 9)"]`}
	refused("\n--allow-changed starts the job like that. Another folder as --state-dir starts the job afresh; then move the output of "+
		"this run away, or set if_exists of the sink.", other...)
	args := append([]string{"explain", path, "--state-dir", state}, other...)
	if code, stdout, stderr := weir(args...); code != 0 || !strings.Contains(stdout, "\nWhat it resumes from\n  the job has changed since checkpoint ") {
		t.Errorf("exit code %d, said %q, printed\n%s", code, stderr, stdout)
	}
	goesOn(append(other, "--allow-changed")...)
}

// damage cuts off the newest of the objects in a folder, and its copy.
func damage(t *testing.T, folder string) {
	t.Helper()
	all, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, object := range all[len(all)-2:] {
		if err := os.Truncate(filepath.Join(folder, object.Name()), 10); err != nil {
			t.Fatal(err)
		}
	}
}
