package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/status"
	"github.com/weirstream/weir/runtime/stream"
)

// report writes one line per step: what became of its rows.
func report(w io.Writer, s status.Job) {
	rows := [][]string{{"step", "rows in", "accepted", "late", "dropped", "dead letters", "skipped", "rows out", "watermark"}}
	const skipped = 6
	replay := false
	for _, step := range s.Steps {
		c := step.Counters
		row := []string{step.ID}
		for _, n := range []int64{c.In, c.Accepted, c.Late, c.Dropped, c.DeadLetters, c.Skipped, c.Out} {
			row = append(row, strconv.FormatInt(n, 10))
		}
		replay = replay || c.Skipped > 0
		rows = append(rows, append(row, watermarkText(step.Watermark)))
	}
	for i := range rows {
		if !replay {
			rows[i] = slices.Delete(rows[i], skipped, skipped+1)
		}
	}
	writeTable(w, rows, 1)
}

func watermarkText(t record.Time) string {
	switch t {
	case record.MinTime:
		return "none yet"
	case record.MaxTime:
		return "end"
	}
	return t.String()
}

// sayLost says what explainRejected and explainLate have to say, if anything.
func sayLost(v voice, g *graph.Graph, s status.Job) {
	text := paragraph(func(w io.Writer) {
		explainRejected(w, g, s)
		explainLate(w, g, s)
	})
	if text != "" {
		v.say("note", "%s", text)
	}
}

// sayPlaces says to people where the rows are that sinks took in.
func sayPlaces(v voice, g *graph.Graph, s status.Job) {
	if v.json {
		return
	}
	var places []string
	for _, step := range s.Steps {
		written := g.Step(step.ID)
		if written == nil || written.Sink == nil || step.Counters.In == 0 {
			continue
		}
		if p, ok := written.Sink.(stream.Placer); ok {
			places = append(places, fmt.Sprintf("%s in %s", step.ID, p.Place()))
		}
	}
	if places != nil {
		v.say("note", "Results: %s.", strings.Join(places, ", "))
	}
}

// explainRejected says, for each source of which no row could be read, how to see
// why: on_error keeps the errors to itself, and a wrong type fails for all rows.
func explainRejected(w io.Writer, g *graph.Graph, s status.Job) {
	for _, step := range s.Steps {
		c := step.Counters
		rejected := c.Dropped + c.DeadLetters
		if rejected == 0 || c.Accepted > 0 {
			continue
		}
		if read := g.Step(step.ID); read == nil || read.Source == nil {
			continue
		}
		fmt.Fprintf(w, "%s has no rows because none of its %d rows could be read.\n"+
			"  --set sources.%s.on_error=fail shows the first of them and what is wrong with it.\n", step.ID, rejected, step.ID)
	}
}

// explainLate says, for each step without a result because all of its rows were
// late, by how much rows came out of order and what to change.
func explainLate(w io.Writer, g *graph.Graph, s status.Job) {
	counters := map[string]status.Step{}
	for _, step := range s.Steps {
		counters[step.ID] = step
	}
	for _, step := range g.Steps {
		c := counters[step.ID].Counters
		if c.Late == 0 || c.Late < c.In || c.Out > 0 {
			continue
		}
		fmt.Fprintf(w, "%s has no result because all of its %d rows were late.\n", step.ID, c.Late)
		for _, source := range sourcesOf(g, step) {
			disorder := time.Duration(counters[source.ID].Counters.MaxDisorder) * time.Microsecond
			fmt.Fprintf(w, "  Rows of %s come up to %v out of order, its watermark_delay is %v.\n"+
				"  Try --set sources.%s.event_time.watermark_delay=%v, or a longer allowed_lateness; late rows can be read as %s.late.\n",
				source.ID, disorder, source.Source.EventTime.Delay, source.ID, roundUp(disorder), step.ID)
		}
	}
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
func sourcesOf(g *graph.Graph, s *graph.Step) []*graph.Step {
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
			visit(g.Step(in.Step))
		}
	}
	visit(s)
	return sources
}
