package task_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/weirstream/weir/operators/join"
	"github.com/weirstream/weir/runtime/env/objstore"
	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/master"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// idleJoin is a join of rows of two sources, one or both of which fall silent.
type idleJoin struct {
	left, right *feedSplit
	pairs, late *ledger
	graph       *graph.Graph
}

func newIdleJoin(t *testing.T, left, right []int64, rightIdles time.Duration) *idleJoin {
	t.Helper()
	j := &idleJoin{times(left), times(right), newLedger(), newLedger(), nil}
	schema, key := numbers("at", "key", "at"), []int{0}
	both := record.MustSchema(record.Field{Name: "key", Type: record.Int64}, record.Field{Name: "at", Type: record.Timestamp},
		record.Field{Name: "key2", Type: record.Int64}, record.Field{Name: "at2", Type: record.Timestamp})
	side := join.Side{Schema: schema, Keys: key}
	open, err := join.New(join.Config{Left: side, Right: side, After: -3 * time.Second, Until: 2 * time.Second, Output: both})
	if err != nil {
		t.Fatal(err)
	}
	j.graph = &graph.Graph{Name: "join", Steps: []*graph.Step{
		(&feed{schema: schema, splits: []*feedSplit{j.left}}).step("left", "at", 0, idleAfter, 1),
		(&feed{schema: schema, splits: []*feedSplit{j.right}}).step("right", "at", 0, rightIdles, 1),
		{ID: "join", Inputs: []graph.Input{{Step: "left", Key: key}, {Step: "right", Key: key, ID: join.Right}}, NewOperator: open,
			Outputs: []graph.Output{{Name: stream.Main, Schema: both}, {Name: join.LeftLate, Schema: schema}}, Stateful: true},
		j.pairs.sinkStep("pairs", 0, graph.Input{Step: "join"}),
		j.late.sinkStep("late", 0, graph.Input{Step: "join", Output: join.LeftLate}),
	}}
	return j
}

// A side of a join that has been idle finds all its partners when it wakes, however far
// the other one has come, and also over a crash: no row of it is late.
func TestIdleSideOfAJoin(t *testing.T) {
	for _, seed := range seeds(20) {
		random := rand.New(rand.NewPCG(seed, 9))
		left, right := every(0, second, 40), every(0, second/2, 80)
		j := newIdleJoin(t, left, right, time.Duration(random.IntN(2))*idleAfter)
		store := objstore.NewMemory()
		begin := func() *world {
			return start(t, seed, random, j.graph, store, master.Options{Parallelism: 1 + random.IntN(3), Budget: 1 + random.IntN(20),
				BatchRows: 1 + random.IntN(30), EdgeBytes: 1 << (8 + random.IntN(10)), CheckpointInterval: time.Second})
		}
		w := begin()
		open := func(left, right int64) {
			j.left.open.Store(left)
			j.right.open.Store(right)
			w.until("the rows", func() bool { return w.stepOf("join").Counters.In >= left+right })
			w.elapse(idleAfter * time.Duration(random.IntN(3)))
		}
		open(10, 10)
		w.elapse(2 * idleAfter)
		open(10, 60)
		if random.IntN(2) == 0 {
			w.elapse(3 * time.Second) // for a checkpoint
			w.crash()
			w = begin()
		}
		open(30, 60)
		open(40, 80)
		j.left.held.Store(false)
		j.right.held.Store(false)
		checkCounters(t, seed, w.finish())
		if want := near(left, right); len(j.pairs.shown) != want || len(j.late.shown) > 0 {
			t.Errorf("-seed %d: %d pairs, want %d; %d late rows", seed, len(j.pairs.shown), want, len(j.late.shown))
		}
	}
}

// near counts the pairs of rows, whose keys are their numbers modulo 4.
func near(left, right []int64) (pairs int) {
	for i, l := range left {
		for k, r := range right {
			if i%4 == k%4 && -3*second <= r-l && r-l <= 2*second {
				pairs++
			}
		}
	}
	return pairs
}
