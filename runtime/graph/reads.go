package graph

import (
	"fmt"
	"slices"
	"strings"

	"github.com/weirstream/weir/runtime/stream"
)

// Reads draws how rows come to a step: what each step without state on the way does
// to them, and indented below it what that reads, back to sources and steps with
// state. What a step keeps came by that way, which is part of what it means. What bears
// on nothing by itself is left out, except where the step reads rows that failed by it.
//
//	project * WHERE delay > 0
//	  departures
func (g *Graph) Reads(s *Step) string {
	r := reading{graph: g, number: map[*Step]int{}}
	return strings.Join(r.inputs(s), "\n")
}

// SourcesOf returns the ids of the sources whose rows come to a step, as the graph has
// them.
func (g *Graph) SourcesOf(s *Step) (ids []string) {
	seen := map[string]bool{}
	var follow func(s *Step)
	follow = func(s *Step) {
		if seen[s.ID] {
			return
		}
		seen[s.ID] = true
		for _, in := range s.Inputs {
			follow(g.Step(in.Step))
		}
	}
	follow(s)
	for _, one := range g.Steps {
		if seen[one.ID] && one.Source != nil {
			ids = append(ids, one.ID)
		}
	}
	return ids
}

// reading is a drawing under way. A step that is reached twice is drawn once, with
// a number: else drawing took exponentially long in the worst case.
type reading struct {
	graph  *Graph
	number map[*Step]int
}

// inputs returns the lines of what a step reads. The order of what is united does
// not matter.
func (r *reading) inputs(s *Step) []string {
	inputs := slices.Clone(s.Inputs)
	slices.SortStableFunc(inputs, func(a, b Input) int { return int(a.ID) - int(b.ID) })
	var lines []string
	for _, in := range inputs {
		lines = append(lines, r.input(in)...)
	}
	return lines
}

func (r *reading) input(in Input) []string {
	from := r.graph.Step(in.Step)
	output := ""
	if in.Output != stream.Main {
		output = "." + string(in.Output)
	}
	if from.Source != nil || from.Stateful {
		return []string{from.ID + output}
	}
	if n := r.number[from]; n > 0 {
		return []string{fmt.Sprintf("(%d)%s", n, output)}
	}
	does := from.Definition
	if in.Output == stream.Main {
		does = slices.DeleteFunc(slices.Clone(does), func(c stream.Clause) bool { return c.Bears == stream.Nothing })
	}
	if len(does) == 0 {
		return r.inputs(from)
	}
	r.number[from] = len(r.number) + 1
	lines := []string{does.String() + output}
	for _, line := range r.inputs(from) {
		lines = append(lines, "  "+line)
	}
	return lines
}
