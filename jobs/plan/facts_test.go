package plan

import (
	"fmt"
	"testing"

	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/stream"
)

// TestRulesLookAtANodeOnce draws a plan with two to the 100 ways through it.
func TestRulesLookAtANodeOnce(t *testing.T) {
	d := &drawn{T: t}
	d.source("s0", full)
	for i := range 100 {
		below := fmt.Sprintf("s%d", i)
		d.project(d.named(fmt.Sprintf("f%d", i), below), "n > 0", "")
		p := d.project(d.named(fmt.Sprintf("s%d", i+1), below, fmt.Sprintf("f%d", i)), "", "")
		if problems := Check(p); problems != nil || !p.Timed(stream.Main) {
			t.Fatal(problems)
		}
	}
	d.Add(&Sink{Base: d.named("out", "s100"), TakesChangelogs: true})
	if n := len(d.Lower().Steps); n != 202 {
		t.Errorf("%d steps", n)
	}
}

// TestInputsMayBeAdded holds a plan that is made a graph again, after a step got
// another input: its rows are not together any more.
func TestInputsMayBeAdded(t *testing.T) {
	d := &drawn{T: t}
	s := d.source("s", nil)
	d.sums(d.named("a", "s"), hour, "n", "k")
	behind := d.sums(d.named("b", "a.late"), hour, "n", "k")
	if in := d.Lower().Step("b").Inputs[0]; in.Kind != graph.Stay {
		t.Error("rows move that are together already")
	}
	behind.Inputs = append(behind.Inputs, Ref{s, stream.Main})
	if in := d.Lower().Step("b").Inputs[0]; in.Kind == graph.Stay {
		t.Error("rows stay that are not together any more")
	}
}
