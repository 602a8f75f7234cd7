package diagnose

import (
	"fmt"
	"time"

	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/status"
)

// Finding is something that the user of a run would want to know.
type Finding struct {
	Step   string // that it is about
	Says   string // a sentence: what is so, and why
	Advice []Advice
}

// Advice is a change of the job file that is likely to help.
type Advice struct {
	Because    string // sentences; "" where the finding says it all
	Key, Value string // "sources.flights.event_time.watermark_delay", "10m0s"
	Besides    string // a sentence: what that does, or what else would help
}

// Run returns what there is to find about a run, in the order of the job's steps.
func Run(g *graph.Graph, s status.Job) []Finding {
	r := run{g: g, of: map[string]status.Step{}}
	for _, step := range s.Steps {
		r.of[step.ID] = step
	}
	var all []Finding
	for _, step := range g.Steps {
		if f, ok := r.unreadable(step); ok {
			all = append(all, f)
		}
		if f, ok := r.late(step); ok {
			all = append(all, f)
		}
	}
	return all
}

// run is a run that is looked at.
type run struct {
	g  *graph.Graph
	of map[string]status.Step
}

// unreadable finds a source of which no row could be read: on_error keeps the errors
// to itself, and a wrong type fails for all rows.
func (r run) unreadable(step *graph.Step) (Finding, bool) {
	c := r.of[step.ID].Counters
	rejected := c.Dropped + c.DeadLetters
	if step.Source == nil || rejected == 0 || c.Accepted > 0 {
		return Finding{}, false
	}
	return Finding{
		Step: step.ID,
		Says: fmt.Sprintf("%s has no rows because none of its %d rows could be read.", step.ID, rejected),
		Advice: []Advice{{
			Key: "sources." + step.ID + ".on_error", Value: "fail",
			Besides: "That shows the first of them and what is wrong with it.",
		}},
	}, true
}

// late finds a step without a result because all of its rows were late.
func (r run) late(step *graph.Step) (Finding, bool) {
	c := r.of[step.ID].Counters
	if c.Late == 0 || c.Late < c.In || c.Out > 0 {
		return Finding{}, false
	}
	f := Finding{Step: step.ID, Says: fmt.Sprintf("%s has no result because all of its %d rows were late.", step.ID, c.Late)}
	for _, source := range r.sourcesOf(step) {
		disorder := time.Duration(r.of[source.ID].Counters.MaxDisorder) * time.Microsecond
		f.Advice = append(f.Advice, Advice{
			Because: fmt.Sprintf("Rows of %s come up to %v out of order; its watermark_delay is %v.",
				source.ID, disorder, source.Source.EventTime.Delay),
			Key: "sources." + source.ID + ".event_time.watermark_delay", Value: roundUp(disorder).String(),
			Besides: fmt.Sprintf("A longer allowed_lateness helps, too, and late rows can be read as %s.late.", step.ID),
		})
	}
	return f, true
}

// roundUp returns d up to the next minute, or second where it is short.
func roundUp(d time.Duration) time.Duration {
	unit := time.Minute
	if d < unit {
		unit = time.Second
	}
	return (d/unit + 1) * unit
}

// sourcesOf returns the sources that a step reads, directly or not.
func (r run) sourcesOf(s *graph.Step) []*graph.Step {
	var sources []*graph.Step
	seen := map[string]bool{}
	var visit func(*graph.Step)
	visit = func(s *graph.Step) {
		if seen[s.ID] {
			return
		}
		seen[s.ID] = true
		if s.Source != nil {
			sources = append(sources, s)
		}
		for _, in := range s.Inputs {
			visit(r.g.Step(in.Step))
		}
	}
	visit(s)
	return sources
}
