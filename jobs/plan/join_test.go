package plan

import (
	"strings"
	"testing"
	"time"

	"github.com/weirstream/weir/operators/join"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/stream"
)

// join adds a join of two steps by equal columns.
func (d *drawn) join(b Base, keys [2]string) (*Join, error) {
	j := Join{Base: b, Within: Within{After: -time.Hour, UntilOpen: true}}
	for i, in := range b.Inputs {
		j.Keys[i] = []int{in.Schema().Index(keys[i])}
		for _, name := range in.Schema().Names() {
			j.Names = append(j.Names, []string{"left_", "right_"}[i]+name)
		}
	}
	made, err := NewJoin(j)
	if err == nil {
		d.Add(made)
	}
	return made, err
}

// A join is a step of two inputs, to which rows go by key; a step by the same key behind
// it takes its rows where they are, and so does the join behind such a step.
func TestJoin(t *testing.T) {
	d := &drawn{T: t}
	d.source("a", nil)
	d.source("b", nil)
	d.sums(d.named("hours", "b"), hour, "n", "k")
	if _, err := d.join(d.named("pairs", "a", "hours"), [2]string{"k", "k"}); err != nil {
		t.Fatal(err)
	}
	d.sums(d.named("by_k", "pairs"), hour, "left_n", "left_k")
	d.project(d.named("late", "pairs.right_late"), "", "k")
	g := d.Lower()
	pairs := g.Step("pairs")
	left, right := pairs.Inputs[0], pairs.Inputs[1]
	if left.ID != join.Left || right.ID != join.Right || left.Kind != graph.ByKey || right.Kind != graph.Stay {
		t.Errorf("the inputs are %+v and %+v", left, right)
	}
	if in := g.Step("by_k").Inputs[0]; in.Kind != graph.Stay {
		t.Errorf("pairs move that are together already: %+v", in)
	}
	if got, want := pairs.Definition.String(), `join by "k" = "k" string; within [-1h, 0s); `+
		`left k string, l int64, n int64, tags list<string>; right k string, window_start timestamp, window_end timestamp, n int64`; got != want {
		t.Errorf("the definition is %s, not %s", got, want)
	}
	if n := pairs.Schema(stream.Main).Len(); n != 8 || pairs.Schema(join.RightLate).Len() != 4 {
		t.Errorf("a pair has %d columns", n)
	}
}

// The keys of a join may be other columns on each side: rows of each go by their own.
func TestJoinByOtherColumns(t *testing.T) {
	d := &drawn{T: t}
	d.source("a", nil)
	d.source("s", nil)
	d.project(d.named("b", "s"), "", "k, l, n AS m")
	if _, err := d.join(d.named("pairs", "a", "b"), [2]string{"l", "m"}); err != nil {
		t.Fatal(err)
	}
	d.sums(d.named("left", "pairs.left_late"), hour, "n", "l")
	d.sums(d.named("right", "pairs.right_late"), hour, "l", "m")
	d.sums(d.named("other", "pairs.right_late"), hour, "m", "l")
	g := d.Lower()
	for step, want := range map[string]string{
		"pairs": "a by l; b by m", "left": "left.input stay, else by l", "right": "right.input stay, else by m", "other": "other.input by l",
	} {
		if got := drawEdges(g, step); got != want {
			t.Errorf("%s reads %s, want %s", step, got, want)
		}
	}
}

// What a join does not take is refused, with the input or the columns that are at fault.
func TestJoinsThatAreRefused(t *testing.T) {
	d := &drawn{T: t}
	d.source("a", nil)
	d.source("changes", &stream.Changelog{Key: []string{"k"}})
	d.source("timeless", nil).HasTime = false
	for _, test := range []struct{ left, right, key, want string }{
		{"a", "changes", "k", "union 1: changes is a changelog, whose rows are later replaced and retracted; a join takes rows that stay"},
		{"timeless", "a", "k", "union 0: the rows of timeless have no event time"},
		{"a", "a", "tags", "whose values cannot be compared in state"},
	} {
		j, err := d.join(d.named("j", test.left, test.right), [2]string{test.key, test.key})
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = drawProblems(j)
		}
		if !strings.Contains(got, test.want) {
			t.Errorf("%s and %s by %s: %s, want %s", test.left, test.right, test.key, got, test.want)
		}
	}
}
