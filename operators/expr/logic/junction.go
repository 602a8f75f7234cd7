package logic

import (
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
)

// junction is AND or, if decider is TRUE, OR: the value that decides the result
// alone, whatever stands on the other side.
type junction struct {
	decider     bool
	left, right kernel.Kernel
	// lazy says that right may fail and so must see only rows that left leaves
	// undecided. Otherwise it is cheaper to compute all rows.
	lazy      bool
	undecided []int32
	words     []uint64
}

func joining(decider bool) kernel.Builder {
	return func(s kernel.Site, args []kernel.Kernel) kernel.Kernel {
		return &junction{decider: decider, left: args[0], right: args[1], lazy: s.Args[1].Fails}
	}
}

func (k *junction) Eval(r *kernel.Run, rows []int32) *record.Column {
	left := r.Plain(k.left, rows)
	if k.lazy {
		rows = k.open(truthOf(left), rows, left.Len())
		if len(rows) == 0 {
			return left
		}
	}
	right := r.Plain(k.right, rows)
	out := k.join(r, left, right)
	left.Release()
	right.Release()
	return out
}

// open returns those of rows that left does not decide.
func (k *junction) open(left truth, rows []int32, n int) []int32 {
	k.words = k.words[:0]
	for i := range left.bits {
		k.words = append(k.words, ^left.is(k.decider, i))
	}
	k.undecided = kernel.AppendSet(k.undecided[:0], k.words, rows, n)
	return k.undecided
}

func (k *junction) join(r *kernel.Run, left, right *record.Column) *record.Column {
	out := r.NewColumn(record.Bool, false)
	a, b, to := truthOf(left), truthOf(right), out.Bits()
	for i := range to {
		if to[i] = a.isTrue(i) & b.isTrue(i); k.decider {
			to[i] = a.isTrue(i) | b.isTrue(i)
		}
	}
	if a.validity == nil && b.validity == nil {
		return out
	}
	validity := out.AddValidity()
	for i := range validity {
		decided := a.is(k.decider, i) | b.is(k.decider, i)
		validity[i] = decided | a.valid(i)&b.valid(i)
	}
	return out
}
