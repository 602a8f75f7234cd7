package jobs

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/graph"
)

const filteredJob = `
name: filtered
sources:
  orders:
    bus: { metadata: { timestamp: at, partition: part, offset: place } }
    format: csv
    schema: { n: int64, s: string }
    event_time: { column: at, watermark_delay: complete }
    on_error: drop
steps:
  - { id: shaped, where: "WHERE", select: [at, part, place, n, s] }
sinks:
  out: { input: shaped, file: { path: out }, format: csv }
`

// A source that leaves out what nothing comes of has the job write what it does without.
func TestFilters(t *testing.T) {
	for _, test := range []struct {
		where, takes string
		least, most  int64 // that are read
	}{
		{"part = 1", "part = 1", 44, 44},
		{"place >= 10 AND place < 20 AND s <> 'p2'", "place >= 10, place < 20", 33, 33},
		{"at >= TIMESTAMP '1970-01-01T00:00:30Z' AND part <> 0", "at >= TIMESTAMP '1970-01-01T00:00:30Z' partly, part <> 0", 22, 60},
		{"part = 1 OR place = 3", "", 132, 132},
		{"part = 1 AND 1 / n > 0", "", 132, 132}, // it may fail
		{"n > 3 AND s = 'p1'", "", 132, 132},
	} {
		var wrote [2][]string
		for i, filters := range []bool{false, true} {
			b := orders()
			b.Filters = filters
			fs := files(t, map[string]string{"job.yaml": strings.Replace(filteredJob, "WHERE", test.where, 1)})
			job, err := Load(withBus(b), fs, "job.yaml", []string{"steps.shaped.on_error=drop"})
			if err != nil {
				t.Fatal(err)
			}
			source := job.Graph.Steps[0]
			if got := drawFilter(source); filters && got != test.takes {
				t.Errorf("%s: the source takes %q, want %q", test.where, got, test.takes)
			}
			last, err := finish(t, fs, job)
			if err != nil {
				t.Fatal(err)
			}
			if in := last.Steps[0].Counters.In; filters && (in < test.least || in > test.most) {
				t.Errorf("%s: %d records are read, want %d to %d", test.where, in, test.least, test.most)
			}
			wrote[i] = rows(t, fs, "out")
		}
		if !slices.Equal(wrote[0], wrote[1]) {
			t.Errorf("%s: the job writes %d rows, and %d where the source filters", test.where, len(wrote[0]), len(wrote[1]))
		}
	}
}

func drawFilter(s *graph.Step) string {
	var all []string
	for _, c := range s.Source.Filter {
		text := c.Draw(s.Outputs[0].Schema)
		all = append(all, text+strings.Repeat(" partly", int(c.Taken)%2))
	}
	return strings.Join(all, ", ")
}

// Where the watermark follows the rows, or others read them, all are read.
func TestFiltersThatAreNotOffered(t *testing.T) {
	const where = "part = 1"
	for _, change := range []func(string) string{
		func(job string) string { return strings.Replace(job, "complete", "1m", 1) },
		func(job string) string { return job + "  all: { input: orders, blackhole: {} }\n" },
		func(job string) string {
			return strings.Replace(job, "steps:\n", "steps:\n  - { id: other, input: orders, where: part = 2 }\n", 1) +
				"  all: { input: other, blackhole: {} }\n"
		},
	} {
		b := orders()
		b.Filters = true
		text := strings.Replace(strings.Replace(filteredJob, "WHERE", where, 1), "id: shaped,", "id: shaped, input: orders,", 1)
		fs := files(t, map[string]string{"job.yaml": change(text)})
		job, err := Load(withBus(b), fs, "job.yaml", nil)
		if err != nil {
			t.Fatal(err)
		}
		if f := job.Graph.Steps[0].Source.Filter; f != nil {
			t.Errorf("the source takes %s of\n%s", fmt.Sprint(f), change(text))
		}
	}
}
