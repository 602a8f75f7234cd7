package weir_test

import (
	"os/exec"
	"strings"
	"testing"
)

// layers lists the packages from the top; each may import those further down.
// Packages of one layer import each other only within one folder.
var layers = [][]string{
	{"cmd/", "benchmarks/", "runtime/probe"},
	{"jobs"},
	{"runtime/master"},
	{"runtime/task"},
	{"operators/", "connectors/", "runtime/sim", "runtime/checkpoint", "runtime/exchange", "runtime/graph"},
	{"runtime/actor"},
	{"runtime/stream", "runtime/component", "runtime/watermark", "runtime/status"},
	{"state"},
	{"runtime/record", "runtime/env", "runtime/fifo", "runtime/failure", "runtime/decimal", "runtime/golden", "runtime/trial"},
}

const module = "github.com/weirstream/weir/"

// TestImportsPointDown holds the packages, without their tests, to the order
// that ARCHITECTURE.md explains.
func TestImportsPointDown(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		names := strings.Fields(line)
		from, ok := strings.CutPrefix(names[0], module)
		if !ok {
			continue // the root, which holds only this test
		}
		for _, name := range names[1:] {
			if to, ours := strings.CutPrefix(name, module); ours && !allowed(t, from, to) {
				t.Errorf("%s imports %s", from, to)
			}
		}
	}
}

func allowed(t *testing.T, from, to string) bool {
	if strings.HasPrefix(to, "connectors/") && !strings.HasPrefix(from, "connectors/") {
		return from == "jobs/builtin"
	}
	a, b := layer(t, from), layer(t, to)
	if a != b {
		return a < b
	}
	// The parts of the engine are one layer, and so are operators and connectors
	// each in their folder; none of the three imports another.
	return folder(from) == folder(to)
}

func layer(t *testing.T, name string) int {
	for i, prefixes := range layers {
		for _, p := range prefixes {
			if strings.HasPrefix(name+"/", strings.TrimSuffix(p, "/")+"/") {
				return i
			}
		}
	}
	t.Fatalf("package %s has no place among the layers of ARCHITECTURE.md", name)
	return 0
}

func folder(name string) string {
	first, _, _ := strings.Cut(name, "/")
	return first
}
