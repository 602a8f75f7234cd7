package plan

import (
	"testing"

	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/stream"
)

// TestEdgesBehindAnAggregate draws a second aggregate behind one by k and l. Rows stay
// where the same columns in the same order have come to it as they are.
func TestEdgesBehindAnAggregate(t *testing.T) {
	for _, c := range []struct {
		name  string
		items string
		keys  []string
		moved int // the parallelism of a step between
		want  string
	}{
		{"the same key", "", []string{"k", "l"}, 0, "b.input stay, else by k l"},
		{"passed on under other names, in other places", "n, l AS of, k AS key", []string{"key", "of"}, 0, "b.input stay, else by key of"},
		{"in another order", "", []string{"l", "k"}, 0, "b.input by l k"},
		{"one of the columns", "", []string{"k"}, 0, "b.input by k"},
		{"one column more", "k, l, n, n AS m", []string{"k", "l", "m"}, 0, "b.input by k l m"},
		{"computed", "upper(k) AS k, l, n", []string{"k", "l"}, 0, "b.input by k l"},
		{"names exchanged", "n AS l, l AS n, k", []string{"k", "l"}, 0, "b.input by k l"},
		{"behind a step of another parallelism", "", []string{"k", "l"}, 2, "b.input by k l"},
		{"all in one place", "", nil, 0, "b.input by"},
	} {
		d := &drawn{T: t}
		d.source("s", nil)
		d.sums(d.named("a", "s"), hour, "n", "k", "l")
		d.project(d.named("between", "a"), "n > 0", c.items).Parallelism = c.moved
		b := d.named("b", "between")
		d.sums(b, hour, "n", c.keys...)
		if got := drawEdges(d.Lower(), "b"); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// TestPartitions draws what else lies between two aggregates by k.
func TestPartitions(t *testing.T) {
	d := &drawn{T: t}
	d.source("s", nil)
	d.sums(d.named("a", "s"), hour, "n", "k")
	d.sums(d.named("other", "s"), hour, "n", "k")
	d.sums(d.named("all", "s"), hour, "n")
	u := &Unnest{Base: d.named("apart", "a.late"), Element: "tag"}
	u.List = d.expression(&u.Base, "tags")
	d.Add(u)
	d.sums(d.named("late", "a.late"), hour, "n", "k")
	d.sums(d.named("unnested", "apart"), hour, "n", "k")
	d.sums(d.named("united", "a", "other"), hour, "n", "k")
	d.sums(d.named("mixed", "s", "a.late"), hour, "n", "k")
	d.sums(d.named("once", "all"), hour, "n")
	d.sums(d.named("kl", "s"), hour, "n", "k", "l")
	d.sums(d.named("lk", "s"), hour, "n", "l", "k")
	d.project(d.named("turned", "lk"), "", "k, l, window_start, window_end, n")
	d.sums(d.named("crossed", "kl", "turned"), hour, "n", "k", "l")
	d.sums(d.named("crossed_back", "turned", "kl"), hour, "n", "k", "l")
	d.sums(d.named("alone", "turned"), hour, "n", "l", "k")
	g := d.Lower()
	for step, want := range map[string]string{
		"a":            "a.input by k",
		"late":         "late.input stay, else by k",
		"unnested":     "unnested.input stay, else by k",
		"united":       "united.input stay, else by k",
		"mixed":        "mixed.input by k",
		"once":         "once.input stay, else by",
		"crossed":      "crossed.input by k l",
		"crossed_back": "crossed_back.input by k l",
		"alone":        "alone.input stay, else by l k",
	} {
		if got := drawEdges(g, step); got != want {
			t.Errorf("%s: %s, want %s", step, got, want)
		}
	}
}

// TestEdgesOfAChangelog draws how the rows of a changelog get to a step: never batch by
// batch.
func TestEdgesOfAChangelog(t *testing.T) {
	for _, c := range []struct {
		name  string
		of    *stream.Changelog
		items string
		want  string
	}{
		{"rows that stay", plain, "", "p"},
		{"by its key", upsert, "l AS of, n, k", "p stay, else by of k"},
		{"without a key, by all columns but lists", full, "n, tags, upper(k) AS k", "p stay, else by n k"},
		{"of lists alone", bare, "tags", "p stay, else by"},
	} {
		d := &drawn{T: t}
		d.source("s", c.of)
		d.project(d.named("p", "s"), "", c.items)
		d.Add(&Sink{Base: d.named("out", "p"), TakesChangelogs: true})
		g := d.Lower()
		if got := drawEdges(g, "out"); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		g.Step("out").Parallelism = 2
		p, err := graph.Plan(g, 3)
		if err != nil {
			t.Fatal(err)
		}
		if e := p.Chains[1].Inputs[0]; (e.Kind == graph.Rebalance) != (c.of == nil) {
			t.Errorf("%s: %s between 3 subtasks and 2", c.name, e.Kind)
		}
	}
}
