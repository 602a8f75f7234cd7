package graph

import (
	"fmt"
	"strings"

	"github.com/weirstream/weir/runtime/stream"
)

// Physical is a graph as it runs: steps that can hand rows on directly form a
// chain, one actor per subtask; between chains there are edges.
type Physical struct {
	Chains []*Chain
}

// Chain is a tree of steps that run in one actor.
type Chain struct {
	Steps       []*Step // the head first, each behind the step that feeds it
	Parallelism int
	Inputs      []*Edge // into the head; empty where the head is a source
	// Alike says that all its subtasks hear of the same watermarks, since each has
	// a channel from every subtask before it. So they become idle and wake
	// together, though one may be told of it later than another. Subtasks that read
	// splits of their own are not alike.
	Alike bool
}

// String names the chain by its steps.
func (c *Chain) String() string {
	var ids []string
	for _, s := range c.Steps {
		ids = append(ids, s.ID)
	}
	return strings.Join(ids, " -> ")
}

// Edge carries an output of a step of one chain to the head of another.
type Edge struct {
	From     *Step
	FromSubs int // subtasks of From
	Output   stream.Output
	Input    stream.InputID
	Kind     EdgeKind
	Key      []int // of a Hash edge: the columns whose hash chooses the subtask
	Alike    bool  // From is in a chain whose subtasks are
}

// EdgeKind says which subtask of the consumer a row goes to.
type EdgeKind uint8

const (
	Forward   EdgeKind = iota // the subtask with the producer's number
	Hash                      // the one that owns the hash of the key
	Rebalance                 // batch by batch the next one
)

// String returns the word that explain prints.
func (k EdgeKind) String() string { return [...]string{"forward", "hash", "rebalance"}[k] }

// Plan lays a logical graph out for running. parallelism is that of the steps
// that do not set their own.
func Plan(g *Graph, parallelism int) (*Physical, error) {
	p := &Physical{}
	chainOf := map[string]*Chain{}
	for _, s := range g.Steps {
		n := s.Parallelism
		if n == 0 {
			n = parallelism
		}
		if n < 1 {
			return nil, fmt.Errorf("step %q has parallelism %d", s.ID, n)
		}
		for _, in := range s.Inputs {
			if chainOf[in.Step] == nil {
				return nil, fmt.Errorf("step %q reads %q, which does not come before it", s.ID, in.Step)
			}
		}
		if len(s.Inputs) == 1 {
			up := chainOf[s.Inputs[0].Step]
			if up.Parallelism == n && (n == 1 || s.Inputs[0].kind(n, n) == Forward) {
				up.Steps = append(up.Steps, s)
				chainOf[s.ID] = up
				continue
			}
		}
		c := &Chain{Steps: []*Step{s}, Parallelism: n}
		c.Alike = len(s.Inputs) > 0
		for _, in := range s.Inputs {
			e := edge(g, in, chainOf[in.Step], n)
			c.Inputs = append(c.Inputs, e)
			c.Alike = c.Alike && (e.Kind != Forward || e.Alike)
		}
		p.Chains = append(p.Chains, c)
		chainOf[s.ID] = c
	}
	return p, nil
}

func edge(g *Graph, in Input, from *Chain, to int) *Edge {
	e := &Edge{
		From: g.Step(in.Step), FromSubs: from.Parallelism, Output: in.Output, Input: in.ID,
		Kind: in.kind(from.Parallelism, to), Alike: from.Alike,
	}
	if e.Kind == Hash {
		e.Key = in.Key
	}
	return e
}

// kind returns how rows find their subtask between so many subtasks and so many.
func (in Input) kind(from, to int) EdgeKind {
	switch {
	case from == to && (in.Key == nil || in.Kind == Stay):
		return Forward
	case in.Key == nil:
		return Rebalance
	}
	return Hash
}

// Channels returns which subtasks of the edge's producer feed one subtask of
// its consumer.
func (e *Edge) Channels(subtask int) []int {
	if e.Kind == Forward {
		return []int{subtask}
	}
	all := make([]int, e.FromSubs)
	for i := range all {
		all[i] = i
	}
	return all
}
