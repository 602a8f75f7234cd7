package weir_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

// This file holds the packages, without their tests, to what ARCHITECTURE.md says of
// them. A name stands for a package and for those below it.

const module = "github.com/weirstream/weir/"

// layers lists the packages from the top; each may import those further down.
// Packages of one layer import each other only within one folder.
var layers = [][]string{
	{"cmd", "benchmarks"},
	{"jobs"},
	{"runtime/master"},
	{"runtime/task"},
	{"operators", "connectors", "runtime/sim", "runtime/checkpoint", "runtime/exchange", "runtime/graph"},
	{"runtime/actor"},
	{"runtime/stream", "runtime/component", "runtime/watermark", "runtime/status"},
	{"state"},
	{"runtime/record", "runtime/jsontext", "runtime/excerpt", "runtime/ints", "runtime/env", "runtime/fifo", "runtime/failure",
		"runtime/decimal",
		"runtime/golden", "runtime/trial"},
}

// room is packages that may import less than their layer allows.
type room struct {
	packages string
	may      []string
}

var (
	basics    = []string{"runtime/record", "runtime/jsontext", "runtime/decimal", "runtime/excerpt", "runtime/ints"}
	language  = with(basics, "runtime/component")
	contracts = with(language, "runtime/stream", "runtime/failure")
)

// rooms are looked through from the top: the first that has a package counts.
var rooms = []room{
	{"operators/expr/syntax", language}, // SQL needs it alone
	{"operators/expr/exact", nil},
	{"operators/expr/rounding", nil},
	{"operators/expr/wildcard", nil},
	{"operators/expr/jsonpath", []string{"runtime/jsontext"}},
	{"operators/expr/kernel", with(language, "operators/expr/syntax")},
	{"operators/expr", with(language, "operators/expr")},
	{"operators/agg", with(language, "operators/agg", "state")},
	{"operators", with(contracts, "operators/expr", "operators/agg", "runtime/watermark", "state")},
	// A connector knows the contracts, the outside world and what connectors share.
	{"connectors/format", with(contracts, "connectors/format/input")},
	// The shard log's format knows bytes; its commit log, blocks and files.
	{"connectors/shardlog/hashkey", nil},
	{"connectors/shardlog/sequence", nil},
	{"connectors/shardlog/block", nil},
	{"connectors/shardlog/commitlog", []string{"connectors/shardlog/block", "runtime/env", "runtime/failure"}},
	{"connectors", with(contracts, "runtime/env", "connectors/pace", "connectors/message")},
	// The coordinator of checkpoints and the exchange would work under any engine.
	{"runtime/jsontext", nil},
	{"runtime/checkpoint", []string{"runtime/stream", "runtime/failure", "runtime/env/objstore"}},
	{"runtime/exchange", []string{"runtime/stream", "runtime/record", "runtime/watermark", "runtime/graph", "runtime/fifo", "state/keyrange"}},
	{"runtime/graph", []string{"runtime/stream", "runtime/record"}},
	// Runs and the objects made of them know bytes, not tables.
	{"state/runs", []string{"runtime/env", "state/keyrange"}},
	{"state/badger", []string{"runtime/env", "state/runs"}},
	{"state/snapshot", []string{"state/keyrange", "state/runs"}},
	{"runtime/sim", []string{"runtime/actor"}}, // it steps whatever is an actor
	{"jobs/document", []string{"runtime/component", "runtime/env"}},
	{"jobs/plan", with(contracts, "runtime/graph", "operators")},
	{"jobs/compile", with(contracts, "jobs/document", "jobs/plan", "runtime/graph", "operators")},
	{"jobs/builtin", with(contracts, "connectors")},
	{"jobs/reference", with(language, "jobs/compile", "jobs/plan", "operators")},
	{"jobs/explain", with(contracts, "jobs/compile", "runtime/graph")},
	{"jobs/complete", []string{"jobs/compile", "jobs/document", "runtime/component", "runtime/env"}},
	{"jobs/server", nil}, // whatever is mounted into it knows it
	{"jobs/metrics", []string{"runtime/status", "runtime/record"}},
	{"jobs/monitor", []string{"jobs/server", "jobs/metrics", "runtime/status"}},
	{"jobs/control", []string{"jobs/server", "jobs/manager", "runtime/failure", "runtime/status", "runtime/stream"}},
	{"jobs/inspect", with(contracts, "jobs", "operators/expr", "runtime/checkpoint", "runtime/env", "state")},
	{"jobs/draft", with(contracts, "operators/expr", "runtime/env")},
	{"jobs/diagnose", []string{"runtime/checkpoint", "runtime/component", "runtime/graph", "runtime/status", "runtime/stream"}},
	{"jobs/deadletter", with(contracts, "jobs", "operators", "runtime/graph", "runtime/env")},
}

// kits are for tests: no other package imports them.
var kits = []string{
	"runtime/golden", "runtime/trial", "runtime/sim", "runtime/env/memfs", "runtime/env/memnet", "runtime/env/objstore/objtest",
	"runtime/record/recordtest", "state/statetest", "state/runs/runstest",
	"operators/agg/aggtest", "operators/optest", "connectors/conntest", "jobs/jobtest",
}

// owners says which packages may import modules of others, so that each can be
// replaced in one place.
var owners = map[string][]string{
	"github.com/apache/arrow/go/v15": {"runtime/record"},
	"github.com/cespare/xxhash/v2":   {"operators/expr", "state/keyrange"},
	"github.com/dgraph-io/badger/v4": {"state/badger"},
	"github.com/klauspost/compress":  {"connectors/files", "state/snapshot"},
	"github.com/spf13/cobra":         {"cmd/weir"},
	"github.com/spf13/pflag":         {"cmd/weir"},
	"golang.org/x/sys":               {"runtime/env"},
	"gopkg.in/yaml.v3":               {"jobs/document", "jobs/reference"},
}

// pure packages have no way to the world: the same calls give the same results,
// under simulation as in production. What they need of it they are given.
var pure = []string{
	"operators", "state", "runtime/stream", "runtime/component", "runtime/watermark", "runtime/status", "runtime/graph",
	"runtime/exchange", "runtime/checkpoint", "runtime/task", "runtime/master", "runtime/record", "runtime/jsontext",
	"runtime/decimal", "runtime/fifo", "runtime/failure", "jobs/plan",
}

// worldly packages lie below a pure one and are not: they are a way to the world that the
// pure ones are given.
var worldly = []string{
	"state/badger", // a database brings its files and goroutines along
}

func with(some []string, more ...string) []string { return append(slices.Clone(some), more...) }

func TestImportsPointDown(t *testing.T) {
	for _, p := range packages(t) {
		for _, name := range p.imports {
			to, ours := strings.CutPrefix(name, module)
			if ours && !mayImport(t, p.name, to) {
				t.Errorf("%s imports %s", p.name, to)
			}
		}
	}
}

func TestModulesHaveOwners(t *testing.T) {
	for _, p := range packages(t) {
		for _, name := range p.imports {
			first, _, _ := strings.Cut(name, "/")
			if !strings.Contains(first, ".") || strings.HasPrefix(name, module) || isKit(p.name) {
				continue
			}
			owned := false
			for of, by := range owners {
				owned = owned || in(name, of) && slices.ContainsFunc(by, func(owner string) bool { return in(p.name, owner) })
			}
			if !owned {
				t.Errorf("%s imports %s, which it does not own", p.name, name)
			}
		}
	}
}

func TestPurePackages(t *testing.T) {
	for _, p := range packages(t) {
		below := func(prefix string) bool { return in(p.name, prefix) }
		if isKit(p.name) || !slices.ContainsFunc(pure, below) || slices.ContainsFunc(worldly, below) {
			continue
		}
		for _, file := range p.files {
			set := token.NewFileSet()
			parsed, err := parser.ParseFile(set, path.Join(p.name, file), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(parsed, func(n ast.Node) bool {
				if what := impurity(n); what != "" {
					t.Errorf("%s: %s in a pure package", set.Position(n.Pos()), what)
				}
				return true
			})
		}
	}
}

// impurity says how a piece of a program reaches the world, if it does.
func impurity(n ast.Node) string {
	switch n := n.(type) {
	case *ast.ImportSpec:
		name := strings.Trim(n.Path.Value, `"`)
		if name == "net/url" { // computes
			return ""
		}
		if first, _, _ := strings.Cut(name, "/"); slices.Contains([]string{"os", "net", "syscall", "log"}, first) {
			return "import of " + name
		}
	case *ast.GoStmt:
		return "a go statement"
	case *ast.SelectorExpr:
		if of, ok := n.X.(*ast.Ident); ok && of.Name == "time" &&
			slices.Contains([]string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "NewTimer", "NewTicker", "Tick", "Local",
				"LoadLocation"}, n.Sel.Name) {
			return "time." + n.Sel.Name
		}
	}
	return ""
}

// listed is a package of the module.
type listed struct {
	name    string
	files   []string
	imports []string
}

// packages returns the packages of the module but the root.
func packages(t *testing.T) (all []listed) {
	t.Helper()
	const format = `{{.ImportPath}}|{{range .GoFiles}}{{.}} {{end}}|{{range .Imports}}{{.}} {{end}}`
	out, err := exec.Command("go", "list", "-f", format, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		parts := strings.Split(line, "|")
		if name, ok := strings.CutPrefix(parts[0], module); ok {
			all = append(all, listed{name, strings.Fields(parts[1]), strings.Fields(parts[2])})
		}
	}
	return all
}

func mayImport(t *testing.T, from, to string) bool {
	if a, b := layer(t, from), layer(t, to); a > b || a == b && folder(from) != folder(to) {
		return false
	}
	return isKit(from) || !isKit(to) && allowedByRoom(from, to) && (!in(to, "connectors") || in(from, "connectors") || from == "jobs/builtin")
}

func allowedByRoom(from, to string) bool {
	i := slices.IndexFunc(rooms, func(r room) bool { return in(from, r.packages) })
	return i < 0 || in(to, from) || slices.ContainsFunc(rooms[i].may, func(prefix string) bool { return in(to, prefix) })
}

func isKit(name string) bool {
	return slices.ContainsFunc(kits, func(prefix string) bool { return in(name, prefix) })
}

func layer(t *testing.T, name string) int {
	for i, prefixes := range layers {
		if slices.ContainsFunc(prefixes, func(prefix string) bool { return in(name, prefix) }) {
			return i
		}
	}
	t.Fatalf("package %s has no place among the layers of ARCHITECTURE.md", name)
	return 0
}

// in reports whether a package is the one that a prefix names, or below it.
func in(name, prefix string) bool { return strings.HasPrefix(name+"/", prefix+"/") }

func folder(name string) string {
	first, _, _ := strings.Cut(name, "/")
	return first
}
