package conntest

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var rewrite = flag.Bool("rewrite", false, "write the golden files instead of comparing with them")

// Golden runs the script testdata/<name>. It consists of cases: lines of input
// up to "----", then lines of expected output up to an empty line. run gets the
// input of a case and returns its output, which holds no empty lines. With the
// flag -rewrite the output takes the place of what was expected.
func Golden(t *testing.T, name string, run func(t *testing.T, input string) string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for rest, line := string(content), 1; rest != ""; {
		input, behind, ok := strings.Cut(rest, "----\n")
		if !ok {
			t.Fatalf("%s:%d: a case has no line ----", file, line)
		}
		var want string
		want, rest, _ = strings.Cut("\n"+behind, "\n\n")
		want = strings.Trim(want, "\n")
		got := strings.Trim(run(t, input), "\n")
		if got != want && !*rewrite {
			t.Errorf("%s:%d:\n%sgot:\n%s\nwant:\n%s", file, line, input, got, want)
		}
		line += strings.Count(input, "\n") + strings.Count(want, "\n") + 3
		out.WriteString(strings.TrimRight(input+"----\n"+got, "\n") + "\n\n")
	}
	if !*rewrite {
		return
	}
	if err := os.WriteFile(file, []byte(strings.TrimRight(out.String(), "\n")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
}
