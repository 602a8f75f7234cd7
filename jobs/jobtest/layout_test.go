package jobtest

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/jobs/compile"
	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/runtime/env/memfs"
	"github.com/weirstream/weir/runtime/golden"
)

// layoutOf draws the graph of a job file.
func layoutOf(t *testing.T, name string, text []byte) string {
	t.Helper()
	d, problems := document.Parse(name, text, document.Options{})
	if problems != nil {
		t.Fatal(problems)
	}
	job, problems := compile.Compile(d, builtin.Registry())
	if problems != nil {
		t.Fatal(problems)
	}
	return Layout(job.Graph, 1, 3)
}

// TestLayouts holds the graphs of all jobs in the repository: what a job file means
// must not change with how it is compiled. Definitions decide which checkpoints a job
// can resume from.
func TestLayouts(t *testing.T) {
	for _, folder := range []string{"../examples", "../compile/testdata/good", "../explain/testdata", "testdata/layouts"} {
		golden.Files(t, filepath.Join(folder, "*.yaml"), func(t *testing.T, file string) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			name := strings.TrimSuffix(filepath.Base(file), ".yaml")
			golden.Text(t, filepath.Join("testdata/layouts", filepath.Base(filepath.Dir(file))+"-"+name+".txt"), layoutOf(t, file, text))
		})
	}
}

// TestLayoutsOfDrawnJobs holds a hash of the graph of each of a thousand jobs.
// Where one differs, the test prints that graph; the one before comes from a
// checkout of before.
func TestLayoutsOfDrawnJobs(t *testing.T) {
	var b strings.Builder
	layouts := map[string]string{}
	for seed := range uint64(1000) {
		s := NewScenario(rand.New(rand.NewPCG(seed, 11)), 10)
		job, err := s.Load(writtenTo(t, s))
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, s.Job)
		}
		layout := Layout(job.Graph, 1, 3)
		hash := fnv.New64a()
		hash.Write([]byte(layout))
		line := fmt.Sprintf("%d %016x", seed, hash.Sum64())
		layouts[line] = layout
		fmt.Fprintln(&b, line)
	}
	const file = "testdata/layouts/drawn.txt"
	was, _ := os.ReadFile(file)
	for line := range strings.Lines(b.String()) {
		if line = strings.TrimSpace(line); !strings.Contains(string(was), line+"\n") {
			t.Logf("the first that differs: seed %s\n%s", line, layouts[line])
			break
		}
	}
	golden.Text(t, file, b.String())
}

func writtenTo(t *testing.T, s *Scenario) *memfs.FS {
	t.Helper()
	files := memfs.New()
	if err := s.Write(files); err != nil {
		t.Fatal(err)
	}
	return files
}
