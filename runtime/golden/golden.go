// Package golden holds what tests put out against files in their testdata. With
// the flag -rewrite the files are written instead, and their difference, as git
// shows it, is what gets reviewed.
//
// [Text] compares a whole file, [Lines] one of questions and answers. [Script] compares a file of inputs, each with the
// output that is expected of it.
package golden

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var rewrite = flag.Bool("rewrite", false, "write golden files, scripts and pages anew instead of comparing with them")

// Rewriting reports the flag -rewrite, for tests whose files have a form of their
// own.
func Rewriting() bool { return *rewrite }

// Files runs a subtest for each file that matches a pattern; there is at least
// one.
func Files(t *testing.T, pattern string, run func(t *testing.T, file string)) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no files match %s (%v)", pattern, err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(strings.TrimSuffix(name, filepath.Ext(name)), func(t *testing.T) { run(t, file) })
	}
}

// Text compares a text with a file.
func Text(t testing.TB, file, got string) {
	t.Helper()
	if *rewrite {
		write(t, file, got)
		return
	}
	want := read(t, file)
	if got == want {
		return
	}
	lines, wanted := strings.Split(got, "\n"), strings.Split(want, "\n")
	if len(lines) != len(wanted) {
		t.Errorf("%s is not what comes out (-rewrite accepts it): got\n%s\nwant\n%s", file, got, want)
		return
	}
	for i := range lines {
		if lines[i] != wanted[i] {
			t.Errorf("%s:%d is not what comes out (-rewrite accepts it):\n got %s\nwant %s", file, i+1, lines[i], wanted[i])
		}
	}
}

// Lines is [Text] for a file of questions with their answers, a line each, such as
// "1 + 2 => 3". answer gets what stands before " => " and returns the line; empty
// lines and those that begin with # stay as they are.
func Lines(t testing.TB, file string, answer func(input string) string) {
	t.Helper()
	lines := strings.Split(read(t, file), "\n")
	for i, line := range lines {
		input, _, _ := strings.Cut(line, " => ")
		if input != "" && !strings.HasPrefix(input, "#") {
			lines[i] = answer(input)
		}
	}
	Text(t, file, strings.Join(lines, "\n"))
}

// Questions returns what stands before " => " in the lines of a file for [Lines],
// and the lines that have no answer as they are.
func Questions(t testing.TB, file string) []string {
	t.Helper()
	var all []string
	for line := range strings.Lines(read(t, file)) {
		input, _, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " => ")
		all = append(all, input)
	}
	return all
}

func read(t testing.TB, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v (-rewrite writes golden files)", err)
	}
	return string(text)
}

func write(t testing.TB, file, text string) {
	t.Helper()
	err := os.MkdirAll(filepath.Dir(file), 0o777)
	if err == nil {
		err = os.WriteFile(file, []byte(text), 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
}
