package expr

import (
	"os"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/record"
)

// TestReadme holds the examples of README.md, which are the lines of its blocks of
// text, to what they say.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	pool := record.NewCheckedPool()
	b := oneRow(pool, nil)
	seen, block := 0, false
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "```") {
			block = line == "```text"
			continue
		}
		if !block {
			continue
		}
		seen++
		input, want, _ := strings.Cut(line, "  →  ")
		if got := result(t, pool, input, b); got != want {
			t.Errorf("%s gives %s, not %s", input, got, want)
		}
	}
	if seen == 0 {
		t.Error("README.md has no examples")
	}
	b.Release()
	checkPool(t, pool)
}
