package metrics

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/golden"
)

const page = "../docs/metrics.md"

// The table of the page is that of the declarations.
func TestPage(t *testing.T) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), "-rewrite -->\n")
	_, after, ends := strings.Cut(rest, "<!-- end of metrics -->")
	if !found || !ends {
		t.Fatalf("%s has no place for the table", page)
	}
	golden.Text(t, page, before+"-rewrite -->\n\n"+Table()+"\n<!-- end of metrics -->"+after)
}

var nameOfWeir = regexp.MustCompile(`\bweir_[a-zA-Z_0-9]+`)

// Rules, board and pages name metrics that there are.
func TestNames(t *testing.T) {
	names := Names()
	files, err := filepath.Glob("../docs/monitoring/*")
	if err != nil || len(files) < 4 {
		t.Fatalf("there are %v (%v)", files, err)
	}
	for _, file := range append(files, page, "../docs/health.md") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range nameOfWeir.FindAllString(string(text), -1) {
			if !slices.Contains(names, name) {
				t.Errorf("%s: there is no metric %s", file, name)
			}
		}
	}
}
