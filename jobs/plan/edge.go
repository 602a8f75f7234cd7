package plan

import (
	"slices"

	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/stream"
)

// This file is the rule how rows get from one step of the graph to the next: where they
// are needed by key, and where they may stay.

// byKey returns the edge over which rows of equal key meet. Rows that are spread so
// already stay, unless the parallelism differs.
func (l *lowering) byKey(r Ref, key []int) graph.Input {
	in := l.at[r]
	in.Key = key
	if p := r.partition(); p != nil && slices.Equal(p, key) {
		in.Kind = graph.Stay
	}
	return in
}

// edge returns the edge over which rows stay where they are. The rows of a changelog
// must not overtake those that they replace: where the parallelism differs, they move
// by the key.
func (l *lowering) edge(r Ref) graph.Input {
	in := l.at[r]
	if c := r.Changelog(); c != nil {
		in.Kind, in.Key = graph.Stay, hashed(r, c)
	}
	return in
}

// hashed returns the columns of the key, or of all: those that can be hashed, since
// equal rows are equal in these, too.
func hashed(r Ref, c *stream.Changelog) []int {
	key := []int{}
	for i, f := range r.Schema().Fields() {
		if !f.Type.IsNested() && (c.Key == nil || slices.Contains(c.Key, f.Name)) {
			key = append(key, i)
		}
	}
	return key
}
