package plan

import (
	"slices"
	"strings"
	"testing"
)

// TestNodesAreCalledByTheirKinds holds what explain calls nodes to the table that the
// reference has.
func TestNodesAreCalledByTheirKinds(t *testing.T) {
	d := &drawn{T: t}
	d.source("s", nil)
	d.project(d.named("union", "s"), "", "")
	d.project(d.named("all", "s", "s"), "n > 0", "k, n, tags")
	u := &Unnest{Base: d.named("apart", "all", "all"), Element: "tag"}
	u.List = d.expression(&u.Base, "tags")
	d.Add(u)
	d.sums(d.named("w", "apart"), hour, "n", "k")
	seen := map[string]bool{}
	for _, n := range d.Nodes[1:] {
		words := strings.Split(n.About().Kind, ", ")
		for _, word := range words {
			seen[word] = true
			if !slices.ContainsFunc(StepKinds(), func(k Kind) bool { return k.Name == word }) {
				t.Errorf("%q is in no table", word)
			}
		}
		if !slices.Contains(words, n.Kind().Name) {
			t.Errorf("%q is not a %s", words, n.Kind().Name)
		}
	}
	if len(seen) != len(StepKinds()) {
		t.Errorf("of %v there are only %v", StepKinds(), seen)
	}
}
