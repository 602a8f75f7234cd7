package diagnose

import (
	"fmt"
	"strconv"

	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/stream"
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

// rejected finds a step that has dropped rows or made dead letters of them: why, and
// where the first of each kind is. on_error keeps the errors to itself, and a wrong type
// fails for all rows.
func (r run) rejected(step *graph.Step) (Finding, bool) {
	s := r.of[step.ID]
	c := s.Counters
	rejected := c.Dropped + c.DeadLetters
	if rejected == 0 {
		return Finding{}, false
	}
	f := Finding{Step: step.ID}
	switch {
	case step.Source != nil && c.Accepted == 0:
		f.Says = fmt.Sprintf("%s has no rows because none of its %d rows could be read.", step.ID, rejected)
	default:
		f.Says = fmt.Sprintf("%s %s, which could not be %s.", step.ID, fate(c), done(step))
	}
	for _, kind := range s.Rejects {
		f.Lines = append(f.Lines, kindLine(kind))
	}
	return f, true
}

// done says what could not be done to rows.
func done(step *graph.Step) string {
	if step.Source != nil {
		return "read"
	}
	return "computed"
}

// fate says what has become of how many rows that failed.
func fate(c stream.CounterValues) string {
	switch {
	case c.DeadLetters == 0:
		return "left out " + part(c.Dropped, c.In)
	case c.Dropped == 0:
		return "made dead letters of " + part(c.DeadLetters, c.In)
	}
	return fmt.Sprintf("left out %d rows, and made dead letters of %s", c.Dropped, part(c.DeadLetters, c.In))
}

// kindLine says how many rows failed for one reason, where the first is and what was wrong
// with it.
func kindLine(kind stream.Reject) string {
	first := kind.Message
	if kind.Where != "" {
		first = kind.Where + ": " + first
	}
	if kind.Rows == 1 {
		return "1 row, " + first
	}
	return fmt.Sprintf("%d rows, the first %s", kind.Rows, first)
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
