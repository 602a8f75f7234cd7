package jobs

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/runtime/env"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/status"
)

func TestExamplesHaveNoProblems(t *testing.T) {
	examples, err := filepath.Glob("examples/*.yaml")
	if err != nil || len(examples) == 0 {
		t.Fatalf("there are no examples (%v)", err)
	}
	for _, example := range examples {
		if _, err := Load(builtin.Registry(), env.OS{}, example, nil); err != nil {
			t.Error(err)
		}
	}
}

// runToEnd runs a job file, checks that all memory came back, and returns what
// it printed.
func runToEnd(t *testing.T, path string, parallelism int, sets ...string) (string, status.Job) {
	t.Helper()
	job, err := Load(builtin.Registry(), env.OS{}, path, sets)
	if err != nil {
		t.Fatal(err)
	}
	var stdout bytes.Buffer
	o := Options{Env: env.Real(), StateDir: t.TempDir(), Parallelism: parallelism, Pool: record.NewCheckedPool()}
	o.Env.Stdout = &stdout
	run, err := Start(job, o)
	if err != nil {
		t.Fatal(err)
	}
	last, err := run.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if last.State != status.Finished {
		t.Errorf("the job is %s", last.State)
	}
	if err := o.Pool.Check(); err != nil {
		t.Error(err)
	}
	return stdout.String(), last
}

// The examples give the answers that other engines have computed, row for row, at
// every parallelism.
func TestExamplesGiveTheExpectedAnswers(t *testing.T) {
	for _, test := range []struct {
		name, step      string
		late, latePairs int64
	}{
		{"tumble-1h-by-origin", "hourly", 331, 331},
		{"hop-6h-1h-by-origin-carrier", "six_hours", -1, 921},
		{"session-8h-by-tailnum", "days", 0, 0},
		{"session-8h-delay30m-by-tailnum", "days", 3, 3},
		{"nexmark-q11-bids-by-session", "sessions", 0, 0},
	} {
		for _, parallelism := range []int{1, 3} {
			t.Run(test.name+"/"+strconv.Itoa(parallelism), func(t *testing.T) {
				out := filepath.Join(t.TempDir(), "out")
				_, last := runToEnd(t, "examples/"+test.name+".yaml", parallelism, "sinks.out.file.path="+out)
				want := readLines(t, "examples/expected/"+test.name+".csv.gz")
				if got := readFolder(t, out); !slices.Equal(got, want) {
					t.Errorf("%d rows, want %d; %s", len(got), len(want), firstDifference(got, want))
				}
				checkLate(t, last, test.step, test.late, test.latePairs)
			})
		}
	}
}

// checkLate checks how many rows and pairs were late, and that no row got lost.
func checkLate(t *testing.T, last status.Job, step string, late, pairs int64) {
	t.Helper()
	for _, s := range last.Steps {
		c := s.Counters
		if c.In != c.Sum() {
			t.Errorf("%s: counters do not add up: %+v", s.ID, c)
		}
		if s.ID == step && (late >= 0 && c.Late != late || c.LatePairs != pairs) {
			t.Errorf("%s: %d late rows and %d late pairs, want %d and %d", s.ID, c.Late, c.LatePairs, late, pairs)
		}
	}
}

// readFolder returns the rows of all CSV files of a folder, sorted, behind the
// header, which all of them must have.
func readFolder(t *testing.T, folder string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(folder, "*.csv"))
	if err != nil || len(names) == 0 {
		t.Fatalf("there are no files in %s (%v)", folder, err)
	}
	var header string
	var rows []string
	for _, name := range names {
		lines := readLines(t, name)
		if header != "" && lines[0] != header {
			t.Fatalf("%s begins with %q, others with %q", name, lines[0], header)
		}
		header = lines[0]
		rows = append(rows, lines[1:]...)
	}
	slices.Sort(rows)
	return append([]string{header}, rows...)
}

// readLines returns the lines of a file, those behind the first one sorted.
func readLines(t *testing.T, name string) []string {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var from io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		if from, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	content, err := io.ReadAll(from)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(content), "\n"), "\n")
	slices.Sort(lines[1:])
	return lines
}

func firstDifference(got, want []string) string {
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			return "got " + got[i] + ", want " + want[i]
		}
	}
	return "one has all rows of the other"
}

// The README shows the table that its first command prints, and each run prints
// the same.
func TestReadmeTable(t *testing.T) {
	page, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "```text\n")
	want, _, _ := strings.Cut(rest, "```")
	for range 2 {
		if got, _ := runToEnd(t, "examples/departure-delays.yaml", 0); got != want {
			t.Fatalf("the job prints\n%s\nthe README shows\n%s", got, want)
		}
	}
}
