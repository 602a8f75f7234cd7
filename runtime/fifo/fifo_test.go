package fifo

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestQueueIsASliceCutAtTheFront(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var q Queue[int]
	var want, got []int
	for i := range 10_000 {
		if q.Len() == 0 || random.IntN(5) > 1 {
			q.Push(i)
			want = append(want, i)
			continue
		}
		if first := q.Peek(); first != q.Pop() {
			t.Fatal("Peek and Pop differ")
		} else {
			got = append(got, first)
		}
	}
	for q.Len() > 0 {
		got = append(got, q.Pop())
	}
	if !slices.Equal(got, want) {
		t.Fatal("items came out in another order than they went in")
	}
}

func TestSteadyQueueAllocatesNothing(t *testing.T) {
	var q Queue[int]
	for i := range 100 {
		q.Push(i)
	}
	if n := testing.AllocsPerRun(1000, func() { q.Push(q.Pop()) }); n > 0.1 {
		t.Fatalf("%v allocations a push", n)
	}
}
