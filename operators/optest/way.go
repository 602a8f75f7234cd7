package optest

import (
	"fmt"
	"math/rand/v2"
)

// A way is how a stream is brought to an operator.
type way struct {
	name        string
	cut         cut
	disguised   bool // dictionaries and a selection
	budget      int
	stingy      bool // the emitter is full at every other question
	interleaved bool // rows and watermarks come while output is pending, if the operator takes them
	overtaking  bool // barriers overtake watermarks at some of the subtasks
	restore     int  // a new instance after so many checkpoints; 0 takes none
	subtasks    []int
	backend     *backend
}

const largeBudget = 1000

// someWays is how many of the ways a random stream goes, and how many any stream goes
// with a backend that is not the first.
const someWays = 8

// ways lists the ways that Verify goes.
func (c *Case) ways() []way {
	all := c.allWays()
	random := rand.New(rand.NewPCG(c.Seed, 0))
	list := all
	if c.Seed != 0 {
		list = some(all, someWays, random)
	}
	for i := range backends[1:] {
		for _, w := range some(all, someWays/4, random) {
			w.backend = &backends[1+i]
			w.name += ", state in " + w.backend.name
			list = append(list, w)
		}
	}
	return list
}

// some returns the first of the ways, and others that are drawn.
func some(ways []way, n int, random *rand.Rand) []way {
	list := append([]way(nil), ways...)
	behind := list[1:]
	random.Shuffle(len(behind), func(i, j int) { behind[i], behind[j] = behind[j], behind[i] })
	return list[:n]
}

func asGiven() way {
	return way{name: "as given", budget: largeBudget, subtasks: []int{1}, backend: &backends[0]}
}

func (c *Case) allWays() []way {
	list := []way{asGiven()}
	add := func(w way) {
		w.backend = &backends[0]
		if w.subtasks == nil {
			w.subtasks = []int{1}
		}
		list = append(list, w)
	}
	cuts := []struct {
		name string
		cut  cut
	}{{"a batch per row", cutRows}, {"batches joined", join}, {"random cuts, idle in between", doze}}
	if len(c.Inputs) > 1 {
		cuts = append(cuts, struct {
			name string
			cut  cut
		}{"inputs in another order", weave})
	}
	for i, of := range cuts {
		for _, budget := range []int{1, largeBudget} {
			for _, restore := range []int{0, 1, 3} {
				add(way{name: fmt.Sprintf("%s, budget %d, restored every %d", of.name, budget, restore),
					cut: of.cut, budget: budget, restore: restore, disguised: i != 0, stingy: budget == 1})
			}
		}
	}
	add(way{name: "interleaved", cut: cutRandomly, budget: 1, interleaved: true})
	add(way{name: "interleaved, restored every 5", cut: cutRandomly, budget: 2, interleaved: true, restore: 5, disguised: true})
	if c.isKeyed() {
		add(way{name: "3 subtasks", cut: cutRandomly, budget: 2, subtasks: []int{3}})
		add(way{name: "1, 3 and 2 subtasks in turn", cut: cutRandomly, budget: 1, restore: 1, subtasks: []int{1, 3, 2}})
		add(way{name: "2 and 3 subtasks in turn", cut: join, budget: 3, restore: 2, subtasks: []int{2, 3}, stingy: true})
		add(way{name: "2 and 1 subtasks in turn, interleaved", cut: cutRandomly, budget: 1, interleaved: true, restore: 3, subtasks: []int{2, 1}})
		add(way{name: "barriers that overtake", cut: cutRandomly, budget: 2, overtaking: true, subtasks: []int{3, 1, 3, 2}})
		add(way{name: "barriers that overtake, restored every 3", cut: cutRandomly, budget: 1, overtaking: true, restore: 3,
			subtasks: []int{3, 2}})
	}
	return list
}
