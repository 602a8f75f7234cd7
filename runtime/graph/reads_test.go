package graph

import (
	"fmt"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/stream"
)

func stateless(id, does string, inputs ...Input) *Step {
	return &Step{ID: id, Inputs: inputs, Definition: stream.Definition{{Text: does}}}
}

func TestReads(t *testing.T) {
	source := &Step{ID: "orders", Source: &SourceStep{}}
	windows := &Step{ID: "hourly", Inputs: []Input{{Step: "big"}}, Stateful: true}
	g := &Graph{Steps: []*Step{
		source,
		stateless("big", "project * WHERE n > 1", Input{Step: "orders"}),
		windows,
		stateless("late", "project a", Input{Step: "hourly", Output: stream.Late}),
		stateless("both", "union", Input{Step: "late"}, Input{Step: "big"}, Input{Step: "big", Output: stream.DeadLetter}),
		{ID: "daily", Inputs: []Input{{Step: "both"}, {Step: "hourly"}}, Stateful: true},
	}}
	for _, test := range []struct{ step, want string }{
		{"orders", ""},
		{"big", "orders"},
		{"hourly", "project * WHERE n > 1\n  orders"},
		{"daily", "union\n  project a\n    hourly.late\n  project * WHERE n > 1\n    orders\n  (3).dead_letter\nhourly"},
	} {
		if got := g.Reads(g.Step(test.step)); got != test.want {
			t.Errorf("%s reads\n%s\nwant\n%s", test.step, got, test.want)
		}
	}
}

// Of a step whose reader says itself which columns it takes, the reader of its rows
// has the filter, and the reader of rows that failed has all.
func TestReadsWhatBears(t *testing.T) {
	feed := stateless("feed", "project a + 1", Input{Step: "orders"})
	feed.Definition[0].Bears = stream.Nothing
	bare := *feed
	bare.ID = "bare"
	feed.Definition = append(feed.Definition, stream.Clause{Text: "WHERE a"})
	g := &Graph{Steps: []*Step{
		{ID: "orders", Source: &SourceStep{}}, feed, &bare,
		{ID: "rows", Inputs: []Input{{Step: "feed"}, {Step: "bare"}}, Stateful: true},
		{ID: "failed", Inputs: []Input{{Step: "feed", Output: stream.DeadLetter}}, Stateful: true},
	}}
	for step, want := range map[string]string{
		"rows":   "WHERE a\n  orders\norders",
		"failed": "project a + 1; WHERE a.dead_letter\n  orders",
	} {
		if got := g.Reads(g.Step(step)); got != want {
			t.Errorf("%s reads\n%s\nwant\n%s", step, got, want)
		}
	}
}

// TestReadsIsDrawnOnce draws a graph with two to the 60 ways through it.
func TestReadsIsDrawnOnce(t *testing.T) {
	g := &Graph{Steps: []*Step{{ID: "0", Source: &SourceStep{}}}}
	for i := range 60 {
		below := Input{Step: fmt.Sprint(i)}
		g.Steps = append(g.Steps, stateless(fmt.Sprint(i+1), "union", below, below))
	}
	if n := strings.Count(g.Reads(g.Step("60")), "\n"); n > 200 {
		t.Errorf("drawn in %d lines", n)
	}
}
