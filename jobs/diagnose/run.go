package diagnose

import (
	"fmt"
	"strconv"

	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/status"
)

// Finding is something that the user of a run would want to know.
type Finding struct {
	Step   string   // that it is about
	Says   string   // sentences: what is so, and why
	Lines  []string // what that consists of
	Advice []Advice
}

// Advice is a change of the job file that is likely to help.
type Advice struct {
	Because    string // sentences; "" where the finding says it all
	Key, Value string // "sources.flights.event_time.watermark_delay", "10m"
	Besides    string // sentences: what that does, or what else would help
}

// Run returns what there is to find about a run, in the order of the job's steps.
func Run(g *graph.Graph, s status.Job) []Finding {
	r := run{g: g, of: map[string]status.Step{}}
	for _, step := range s.Steps {
		r.of[step.ID] = step
	}
	var all []Finding
	for _, step := range g.Steps {
		for _, find := range []func(*graph.Step) (Finding, bool){r.rejected, r.late} {
			if f, ok := find(step); ok {
				all = append(all, f)
			}
		}
	}
	return all
}

// run is a run that is looked at.
type run struct {
	g  *graph.Graph
	of map[string]status.Step
}

// part says how many rows of how many, and what share that is.
func part(n, of int64) string {
	return fmt.Sprintf("%d of %d rows (%s)", n, of, share(n, of))
}

func share(n, of int64) string {
	percent := 100 * float64(n) / float64(max(of, 1))
	switch {
	case percent < 0.01:
		return "less than 0.01 %"
	case percent < 10 && n < of:
		return strconv.FormatFloat(percent, 'g', 2, 64) + " %"
	}
	return strconv.FormatFloat(percent, 'f', 0, 64) + " %"
}
