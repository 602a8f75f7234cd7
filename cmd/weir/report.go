package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/weirstream/weir/jobs/diagnose"
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

// sayFindings says what there is to find about a run, and how to follow the advice.
func sayFindings(v voice, g *graph.Graph, s status.Job) {
	var b strings.Builder
	for _, f := range diagnose.Run(g, s) {
		fmt.Fprintln(&b, f.Says)
		for _, a := range f.Advice {
			if a.Because != "" {
				fmt.Fprintf(&b, "  %s\n", a.Because)
			}
			fmt.Fprintf(&b, "  Try --set %s=%s. %s\n", a.Key, a.Value, a.Besides)
		}
	}
	if b.Len() > 0 {
		v.say("note", "%s", strings.TrimSuffix(b.String(), "\n"))
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
