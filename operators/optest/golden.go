package optest

import (
	"os"
	"strings"
	"testing"
)

// Golden holds a text to the file at path, line by line; with -rewrite it becomes
// the file instead.
func Golden(t *testing.T, path, got string) {
	t.Helper()
	golden, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if *rewrite {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got == string(golden) {
		return
	}
	want, lines := strings.Split(string(golden), "\n"), strings.Split(got, "\n")
	if len(want) != len(lines) {
		t.Errorf("%s has %d lines, not %d; run with -rewrite and look at the difference", path, len(want), len(lines))
	}
	for i := range min(len(want), len(lines)) {
		if lines[i] != want[i] {
			t.Errorf("%s:%d:\n got %s\nwant %s", path, i+1, lines[i], want[i])
		}
	}
}

// Lines is [Golden] for a file of questions with their answers, a line each, such
// as "1 + 2 => 3". answer gets what stands before " => " and returns the line;
// empty lines and those that begin with # stay as they are.
func Lines(t *testing.T, path string, answer func(input string) string) {
	t.Helper()
	golden, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(golden), "\n")
	for i, line := range lines {
		input, _, _ := strings.Cut(line, " => ")
		if input != "" && !strings.HasPrefix(input, "#") {
			lines[i] = answer(input)
		}
	}
	Golden(t, path, strings.Join(lines, "\n"))
}
