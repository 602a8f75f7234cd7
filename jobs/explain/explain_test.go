package explain_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/weirstream/weir/jobs/builtin"
	"github.com/weirstream/weir/jobs/compile"
	"github.com/weirstream/weir/jobs/document"
	"github.com/weirstream/weir/jobs/explain"
	"github.com/weirstream/weir/runtime/golden"
)

func planOf(t *testing.T, name, text string, parallelism int) *explain.Plan {
	t.Helper()
	d, problems := document.Parse(name, []byte(text), document.Options{})
	if problems != nil {
		t.Fatal(problems)
	}
	job, problems := compile.Compile(d, builtin.Registry())
	if problems != nil {
		t.Fatal(problems)
	}
	plan, err := explain.Of(job, parallelism)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// TestGolden holds text and flowchart of each job in testdata.
func TestGolden(t *testing.T) {
	golden.Files(t, "testdata/*.yaml", func(t *testing.T, file string) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		plan, name := planOf(t, file, string(text), 0), strings.TrimSuffix(file, ".yaml")
		golden.Text(t, name+".txt", plan.Text())
		golden.Text(t, name+".mmd", plan.Mermaid())
	})
}

const twoSteps = `
name: sums
sources:
  d: { datagen: { rows: 10, splits: SPLITS }, schema: { at: timestamp, k: string, x: float64, n: int64 }, event_time: { column: at, watermark_delay: 0s } }
steps:
  - { id: shaped, where: n > 1, parallelism: SHAPED }
  - { id: gaps, key_by: [k], window: { session: 1m }, aggregate: { total: sum(x), whole: sum(n) } }
sinks: { out: { blackhole: {} } }
`

// Caveats about the order of rows stand only where it may differ.
func TestOrderCaveats(t *testing.T) {
	for _, test := range []struct {
		splits, shaped string
		parallelism    int
		want           bool
	}{
		{"1", "1", 1, false},
		{"4", "1", 1, true},  // splits take turns as they can
		{"1", "4", 1, true},  // rows of a key meet again after four ways
		{"1", "4", 4, false}, // one split, so one subtask has all rows
		{"1", "1", 4, false}, // the same, and one way for all
	} {
		text := strings.NewReplacer("SPLITS", test.splits, "SHAPED", test.shaped).Replace(twoSteps)
		plan := planOf(t, "job.yaml", text, test.parallelism)
		var got []string
		for _, s := range plan.Steps {
			got = append(got, s.Caveats...)
		}
		if (len(got) > 0) != test.want {
			t.Errorf("splits %s, shaped %s, parallelism %d: caveats %q", test.splits, test.shaped, test.parallelism, got)
		}
		if test.want && (len(got) != 2 || !strings.HasPrefix(got[0], "total adds up float64")) {
			t.Errorf("splits %s, shaped %s, parallelism %d: caveats %q", test.splits, test.shaped, test.parallelism, got)
		}
	}
}

// Where no row can be behind a watermark, sessions do not depend on the order of rows.
func TestOrderOfACompleteSource(t *testing.T) {
	text := strings.NewReplacer("SPLITS", "4", "SHAPED", "1", "0s", "complete").Replace(twoSteps)
	for _, s := range planOf(t, "job.yaml", text, 1).Steps {
		if len(s.Caveats) > 1 || len(s.Caveats) == 1 && !strings.HasPrefix(s.Caveats[0], "total adds up float64") {
			t.Errorf("caveats %q", s.Caveats)
		}
	}
}

// The JSON of a plan has all that the text has.
func TestJSON(t *testing.T) {
	job, err := os.ReadFile("testdata/outputs.yaml")
	if err != nil {
		t.Fatal(err)
	}
	plan := planOf(t, "outputs.yaml", string(job), 0)
	text, err := json.Marshal(plan)
	if err != nil {
		t.Fatal(err)
	}
	var back explain.Plan
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if back.Text() != plan.Text() || back.Mermaid() != plan.Mermaid() {
		t.Errorf("the plan read back draws\n%s\nfor\n%s", back.Text(), plan.Text())
	}
}
