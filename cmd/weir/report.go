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

// reportColumn is a figure of the report.
type reportColumn struct {
	name  string
	value func(stream.CounterValues) int64
	rare  bool // left out where there is none
}

var reportColumns = []reportColumn{
	{"rows in", func(c stream.CounterValues) int64 { return c.In }, false},
	{"accepted", func(c stream.CounterValues) int64 { return c.Accepted }, false},
	{"late", func(c stream.CounterValues) int64 { return c.Late }, false},
	{"partly late", func(c stream.CounterValues) int64 { return c.LatePartly }, true},
	{"dropped", func(c stream.CounterValues) int64 { return c.Dropped }, false},
	{"dead letters", func(c stream.CounterValues) int64 { return c.DeadLetters }, false},
	{"skipped", func(c stream.CounterValues) int64 { return c.Skipped }, true},
	{"rows out", func(c stream.CounterValues) int64 { return c.Out }, false},
}

// report writes one line per step: what became of its rows.
func report(w io.Writer, s status.Job) {
	head, total := []string{"step"}, stream.CounterValues{}
	for _, step := range s.Steps {
		total = total.Add(step.Counters)
	}
	columns := slices.DeleteFunc(slices.Clone(reportColumns), func(c reportColumn) bool { return c.rare && c.value(total) == 0 })
	for _, c := range columns {
		head = append(head, c.name)
	}
	rows := [][]string{append(head, "watermark")}
	for _, step := range s.Steps {
		row := []string{step.ID}
		for _, c := range columns {
			row = append(row, strconv.FormatInt(c.value(step.Counters), 10))
		}
		rows = append(rows, append(row, watermarkText(step.Watermark)))
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
		for _, line := range f.Lines {
			fmt.Fprintf(&b, "  %s\n", line)
		}
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
	if !v.isText() {
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
