package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// weir docs shows all pages of a name, and nothing of a list of names of which
// one is not known.
func TestDocsCommand(t *testing.T) {
	for _, test := range []struct {
		args   []string
		code   int
		stdout []string
		stderr string
	}{
		{[]string{"docs"}, 0, []string{"Sources\n", "  datagen ", "  abs ", "weir docs NAME shows one of them"}, ""},
		{[]string{"docs", "file"}, 0, []string{"file (source)\n", "file (sink)\n", "if_exists: fail, append or replace (default fail)"}, ""},
		{[]string{"docs", "tumble", "idle_after"}, 0, []string{"tumble (window)", "idle_after (key of event_time)"}, ""},
		{[]string{"docs", "--markdown", "x", "file"}, exitBadJob, nil, "weir: docs: --markdown writes all pages; leave the names out"},
		{[]string{"docs", "tumble", "tumbel"}, exitBadJob, nil,
			`weir: docs: there is no component, key or function "tumbel"; did you mean "tumble"? (weir docs lists all)`},
	} {
		code, stdout, stderr := weir(test.args...)
		if code != test.code || strings.TrimSpace(stderr) != test.stderr || test.stdout == nil && stdout != "" {
			t.Errorf("weir %v: exit code %d, printed %s, said %s", test.args, code, stdout, stderr)
		}
		for _, want := range test.stdout {
			if !strings.Contains(stdout, want) {
				t.Errorf("weir %v: %q is not in\n%s", test.args, want, stdout)
			}
		}
	}
}

// weir docs --markdown writes the pages that are in the repository.
func TestDocsMarkdown(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "new")
	if code, _, stderr := weir("docs", "--markdown", folder); code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.md"))
	if err != nil || len(files) < 5 {
		t.Fatalf("%d pages were written (%v)", len(files), err)
	}
	for _, file := range files {
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(filepath.Join(repository, "jobs/docs/reference", filepath.Base(file)))
		if err != nil || string(got) != string(want) {
			t.Errorf("%s is not the one in the repository (%v)", filepath.Base(file), err)
		}
	}
}

func TestSchemaCommand(t *testing.T) {
	code, stdout, stderr := weir("schema")
	if code != 0 || stderr != "" || !json.Valid([]byte(stdout)) || !strings.Contains(stdout, `"watermark_delay"`) {
		t.Errorf("exit code %d, said %s, printed %s", code, stderr, stdout)
	}
}
