package golden

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// failures is a test that notes what it is told.
type failures struct {
	testing.TB
	texts []string
}

func (f *failures) Helper() {}

func (f *failures) Errorf(format string, args ...any) {
	f.texts = append(f.texts, fmt.Sprintf(format, args...))
}

func (f *failures) Fatalf(format string, args ...any) {
	f.Errorf(format, args...)
	panic(f)
}

// attempt runs a test on a file with a text and returns what it is told, and what
// the file holds then.
func attempt(t *testing.T, text string, rewriting bool, test func(t testing.TB, file string)) (told, now string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "script")
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	f := &failures{TB: t}
	func() {
		before := *rewrite
		*rewrite = rewriting
		defer func() {
			*rewrite = before
			if p := recover(); p != nil && p != f {
				panic(p)
			}
		}()
		test(f, file)
	}()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(strings.Join(f.texts, "\n"), file, "script"), string(content)
}

func TestText(t *testing.T) {
	text := func(t testing.TB, file string) { Text(t, file, "new\n") }
	if told, now := attempt(t, "new\n", false, text); told != "" || now != "new\n" {
		t.Errorf("the same: %q, %q", told, now)
	}
	if told, now := attempt(t, "old\n", false, text); told != "script:1 is not what comes out (-rewrite accepts it):\n got "+
		"new\nwant old" || now != "old\n" {
		t.Errorf("another line: %q, %q", told, now)
	}
	if told, now := attempt(t, "old\nolder\n", false, text); !strings.HasPrefix(told, "script is not what comes out") ||
		now != "old\nolder\n" {
		t.Errorf("other lines: %q, %q", told, now)
	}
	if told, now := attempt(t, "old\n", true, text); told != "" || now != "new\n" {
		t.Errorf("rewritten: %q, %q", told, now)
	}
}

func TestLines(t *testing.T) {
	lines := func(t testing.TB, file string) {
		Lines(t, file, func(input string) string { return input + " => " + strings.ToUpper(input) })
	}
	const right, wrong = "# a => b\n\na => A\nb => B\n", "# a => b\n\na => A\nb => C\n"
	if told, now := attempt(t, right, false, lines); told != "" || now != right {
		t.Errorf("right: %q, %q", told, now)
	}
	if told, now := attempt(t, wrong, false, lines); !strings.HasPrefix(told, "script:4 ") || now != wrong {
		t.Errorf("wrong: %q, %q", told, now)
	}
	if told, now := attempt(t, wrong, true, lines); told != "" || now != right {
		t.Errorf("rewritten: %q, %q", told, now)
	}
}

// TestScript runs scripts whose output is their input in capitals, without
// comments, and "none" as nothing.
func TestScript(t *testing.T) {
	script := func(t testing.TB, file string) {
		Script(t, file, func(input string) string {
			var out strings.Builder
			for line := range strings.Lines(input) {
				if line[0] != '#' && line != "none\n" {
					out.WriteString(strings.ToUpper(line))
				}
			}
			return out.String()
		})
	}
	for _, test := range []struct{ name, text, told, now string }{
		{"empty", "", "", ""},
		{"cases", "# One\n\na\nb\n----\nA\nB\n\n\nnone\n----\n\nc\n----\nC\n\n# end\n", "", ""},
		{"no output at the end", "a\n----\nA\n\nnone\n----\n", "", ""},
		{"other output", "a\n----\nA\n\nb\nc\n----\nB\n\nd\n----\n\n",
			"script:5:\nb\nc\ngot:\nB\nC\n\nwant:\nB\n\nscript:10:\nd\ngot:\nD\n\nwant:\n", "a\n----\nA\n\nb\nc\n----\nB\nC\n\nd\n----\nD\n"},
		{"no ----", "a\n----\nA\n\n\nb\n", "script:5: a case has no line ----", ""},
		{"an empty line", "a\n\nb\n----\nA\n", "script:1:\na\n\nb\ngot:\nA\n\nB\n\nwant:\nA\n\nscript:1: the output has an empty line, " +
			"which would end it:\nA\n\nB\n", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			told, _ := attempt(t, test.text, false, script)
			if told != test.told {
				t.Errorf("got %q, want %q", told, test.told)
			}
			want := test.now
			if want == "" {
				want = test.text
			}
			if _, now := attempt(t, test.text, true, script); now != want {
				t.Errorf("rewritten: got %q, want %q", now, want)
			}
		})
	}
}
