package optest

import (
	"fmt"
	"math/rand/v2"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/recordtest"
	"github.com/weirstream/weir/runtime/stream"
)

// A way is how a stream is brought to an operator.
type way struct {
	name      string
	cut       func([]Element, *rand.Rand) []Element
	disguised bool // dictionaries and a selection
	budget    int
	stingy    bool  // the emitter is full at every other question
	restore   int   // a new instance after so many checkpoints; 0 takes none
	subtasks  []int // parallelism; with each restore, the next
}

const largeBudget = 1000

// someWays is how many of the ways a random stream goes.
const someWays = 6

// ways lists the ways that Verify goes.
func (c *Case) ways() []way {
	list := allWays(c.Keys != nil)
	if c.Seed != 0 {
		behind := list[1:]
		rand.New(rand.NewPCG(c.Seed, 0)).Shuffle(len(behind), func(i, j int) { behind[i], behind[j] = behind[j], behind[i] })
		list = list[:someWays]
	}
	return list
}

func allWays(keyed bool) []way {
	list := []way{{name: "as given", budget: largeBudget, subtasks: []int{1}}}
	cuts := []struct {
		name string
		cut  func([]Element, *rand.Rand) []Element
	}{{"a batch per row", cutRows}, {"batches joined", join}, {"random cuts, idle in between", doze}}
	for i, c := range cuts {
		for _, budget := range []int{1, largeBudget} {
			for _, restore := range []int{0, 1, 3} {
				list = append(list, way{
					name: fmt.Sprintf("%s, budget %d, restored every %d", c.name, budget, restore),
					cut:  c.cut, budget: budget, restore: restore, subtasks: []int{1},
					disguised: i != 0, stingy: budget == 1,
				})
			}
		}
	}
	if keyed {
		list = append(list,
			way{name: "3 subtasks", cut: cutRandomly, budget: 2, subtasks: []int{3}},
			way{name: "1, 3 and 2 subtasks in turn", cut: cutRandomly, budget: 1, restore: 1, subtasks: []int{1, 3, 2}},
			way{name: "2 and 3 subtasks in turn", cut: join, budget: 3, restore: 2, subtasks: []int{2, 3}, stingy: true})
	}
	return list
}

func cutRows(stream []Element, _ *rand.Rand) (cut []Element) {
	for _, e := range stream {
		if e.Rows == nil {
			cut = append(cut, e)
		}
		for _, r := range e.Rows {
			cut = append(cut, Rows(r))
		}
	}
	return cut
}

// join makes one batch of the rows between any two other elements.
func join(stream []Element, _ *rand.Rand) (joined []Element) {
	for _, e := range stream {
		if last := len(joined) - 1; e.Rows != nil && last >= 0 && joined[last].Rows != nil {
			joined[last].Rows = append(joined[last].Rows[:len(joined[last].Rows):len(joined[last].Rows)], e.Rows...)
			continue
		}
		joined = append(joined, e)
	}
	return joined
}

func cutRandomly(stream []Element, random *rand.Rand) (cut []Element) {
	for _, e := range join(stream, random) {
		for len(e.Rows) > 1 {
			n := 1 + random.IntN(len(e.Rows))
			cut = append(cut, Rows(e.Rows[:n]...))
			e.Rows = e.Rows[n:]
		}
		if e.Rows == nil || len(e.Rows) > 0 {
			cut = append(cut, e)
		}
	}
	return cut
}

// doze cuts at random, and has the input become idle behind some watermarks and
// wake before the next rows.
func doze(elements []Element, random *rand.Rand) (cut []Element) {
	mark, idle := record.MinTime, false
	for _, e := range cutRandomly(elements, random) {
		if e.Rows != nil && idle {
			cut, idle = append(cut, Watermark(mark)), false
		}
		cut = append(cut, e)
		if e.Rows != nil || e.Else.Kind != stream.KindWatermark || e.Else.Time == record.MaxTime {
			continue
		}
		if mark, idle = e.Else.Time, random.IntN(2) == 0; idle {
			cut = append(cut, Element{Else: stream.Idle})
		}
	}
	return cut
}

// Disguise returns a batch of the same rows, with columns that are dictionaries or,
// of a single row, constants, and, between the rows, others that are not selected.
// It takes over b.
func Disguise(b *record.Batch, random *rand.Rand) *record.Batch {
	pool, n := b.Pool(), b.Physical()
	twice := make([]int32, 0, 2*n+1)
	selected := make([]int32, 0, n)
	for i := range n {
		twice = append(twice, int32(n-1-i), int32(i))
		selected = append(selected, int32(2*i+1))
	}
	d := pool.NewBatch(b.Schema, 2*n)
	for _, c := range b.Columns {
		if n == 1 {
			d.Columns = append(d.Columns, recordtest.Constant(pool, random, c, 2))
		} else {
			d.Columns = append(d.Columns, recordtest.Dictionary(pool, c, twice))
		}
	}
	d.EventTime = b.EventTime.Gather(twice)
	if b.RowWatermark != nil {
		d.RowWatermark = b.RowWatermark.Gather(twice)
	}
	b.Release()
	return d.Select(selected)
}
