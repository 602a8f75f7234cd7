package graph

import (
	"fmt"
	"strings"
	"testing"

	"github.com/weirstream/weir/runtime/stream"
)

// draw writes a plan as a line a chain: its steps, its parallelism, its edges.
func draw(p *Physical) string {
	var b strings.Builder
	for _, c := range p.Chains {
		var ids, edges []string
		for _, s := range c.Steps {
			ids = append(ids, s.ID)
		}
		for _, e := range c.Inputs {
			edges = append(edges, fmt.Sprintf("%s(%s %d→%d)", e.Kind, e.From.ID, e.FromSubs, c.Parallelism))
		}
		fmt.Fprintf(&b, "%s ×%d %s\n", strings.Join(ids, ">"), c.Parallelism, strings.Join(edges, " "))
	}
	return b.String()
}

func reads(id string, inputs ...Input) *Step { return &Step{ID: id, Inputs: inputs} }

func TestPlan(t *testing.T) {
	key := []int{0}
	steps := func() []*Step {
		return []*Step{
			{ID: "source"},
			reads("filter", Input{Step: "source"}),
			reads("window", Input{Step: "filter", Key: key}),
			reads("late", Input{Step: "window", Output: stream.Late}),
			reads("sink", Input{Step: "window"}),
		}
	}
	for _, c := range []struct {
		name        string
		parallelism int
		change      func([]*Step) []*Step
		want        string
	}{
		{"one subtask makes one chain", 1, nil, "source>filter>window>late>sink ×1 \n"},
		{"rows are spread by key between chains", 3, nil, "source>filter ×3 \nwindow>late>sink ×3 hash(filter 3→3)\n"},
		{"a step of another parallelism starts a chain", 3, func(s []*Step) []*Step {
			s[4].Parallelism = 1
			return s
		}, "source>filter ×3 \nwindow>late ×3 hash(filter 3→3)\nsink ×1 rebalance(window 3→1)\n"},
		{"rows that are together by key stay", 3, func(s []*Step) []*Step {
			return append(s, reads("again", Input{Step: "window", Key: key, Kind: Stay}))
		}, "source>filter ×3 \nwindow>late>sink>again ×3 hash(filter 3→3)\n"},
		{"and go by it to another parallelism", 3, func(s []*Step) []*Step {
			s[4] = reads("again", Input{Step: "window", Key: key, Kind: Stay})
			s[4].Parallelism = 2
			return s
		}, "source>filter ×3 \nwindow>late ×3 hash(filter 3→3)\nagain ×2 hash(window 3→2)\n"},
		{"several that stay", 2, func(s []*Step) []*Step {
			return append(s, reads("union", Input{Step: "window", Key: key, Kind: Stay}, Input{Step: "late", Key: key, Kind: Stay}))
		}, "source>filter ×2 \nwindow>late>sink ×2 hash(filter 2→2)\nunion ×2 forward(window 2→2) forward(late 2→2)\n"},
		{"a step with two inputs starts a chain", 1, func(s []*Step) []*Step {
			return append(s, reads("union", Input{Step: "filter"}, Input{Step: "window"}))
		}, "source>filter>window>late>sink ×1 \nunion ×1 forward(filter 1→1) forward(window 1→1)\n"},
	} {
		g := &Graph{Steps: steps()}
		if c.change != nil {
			g.Steps = c.change(g.Steps)
		}
		p, err := Plan(g, c.parallelism)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if got := draw(p); got != c.want {
			t.Errorf("%s:\n%swant\n%s", c.name, got, c.want)
		}
	}
}

func TestPlanRefuses(t *testing.T) {
	for name, g := range map[string]*Graph{
		"a step that reads what comes later": {Steps: []*Step{reads("a", Input{Step: "b"}), {ID: "b"}}},
		"no subtasks":                        {Steps: []*Step{{ID: "a", Parallelism: -1}}},
	} {
		if _, err := Plan(g, 1); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestChannelsOfAnEdge(t *testing.T) {
	forward, hash := &Edge{Kind: Forward, FromSubs: 3}, &Edge{Kind: Hash, FromSubs: 3}
	if got := fmt.Sprint(forward.Channels(2), hash.Channels(2)); got != "[2] [0 1 2]" {
		t.Errorf("subtask 2 is fed by %s", got)
	}
}

// Subtasks hear the same where each hears all of those before it, or one of several that
// hear the same.
func TestAlike(t *testing.T) {
	key := []int{0}
	g := &Graph{Steps: []*Step{
		{ID: "source"},
		reads("window", Input{Step: "source", Key: key}),
		reads("other", Input{Step: "source", Key: key}),
		reads("both", Input{Step: "window"}, Input{Step: "other", Key: key, Kind: Stay}),
		reads("again", Input{Step: "both"}, Input{Step: "window"}),
		reads("mixed", Input{Step: "window"}, Input{Step: "source"}),
		reads("moved", Input{Step: "mixed", Key: key}),
	}}
	p, err := Plan(g, 2)
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, c := range p.Chains {
		got += fmt.Sprintf("%s %v; ", c.Steps[0].ID, c.Alike)
	}
	if want := "source false; window true; other true; both true; again true; mixed false; moved true; "; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
