package expr

import (
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
)

// truth is the words of a plain bool column: which rows are TRUE and which are
// FALSE. A row that is neither is NULL.
type truth struct {
	bits, validity []uint64 // validity is nil where nothing is null
}

func truthOf(c *record.Column) truth { return truth{c.Bits(), c.Validity()} }

func (t truth) valid(word int) uint64 {
	if t.validity == nil {
		return ^uint64(0)
	}
	return t.validity[word]
}

func (t truth) isTrue(word int) uint64 { return t.bits[word] & t.valid(word) }

func (t truth) isFalse(word int) uint64 { return ^t.bits[word] & t.valid(word) }

// is returns where the value is TRUE or, if want is not, where it is FALSE.
func (t truth) is(want bool, word int) uint64 {
	if want {
		return t.isTrue(word)
	}
	return t.isFalse(word)
}

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

// invert is NOT.
type invert struct{ arg kernel.Kernel }

func inverting(_ kernel.Site, args []kernel.Kernel) kernel.Kernel { return invert{args[0]} }

func (k invert) Eval(r *kernel.Run, rows []int32) *record.Column {
	arg := r.Flat(k.arg, rows)
	defer arg.Release()
	if kernel.IsNullConstant(arg) {
		return r.Null(record.Bool)
	}
	out := r.NewColumn(record.Bool, kernel.IsConstant(arg))
	kernel.JoinNulls(out, arg)
	for i, w := range arg.Bits() {
		out.Bits()[i] = ^w
	}
	return out
}

// truthTest is IS [NOT] TRUE and IS [NOT] FALSE, which are never null.
type truthTest struct {
	arg       kernel.Kernel
	want, not bool
}

func isTruthKernel(want, not bool) kernel.Builder {
	return func(_ kernel.Site, args []kernel.Kernel) kernel.Kernel { return truthTest{args[0], want, not} }
}

func (k truthTest) Eval(r *kernel.Run, rows []int32) *record.Column {
	arg := r.Plain(k.arg, rows)
	defer arg.Release()
	out := r.NewColumn(record.Bool, false)
	t, to := truthOf(arg), out.Bits()
	for i := range to {
		to[i] = t.is(k.want, i) ^ -bit(k.not)
	}
	return out
}

// nullTest is IS [NOT] NULL.
type nullTest struct {
	arg kernel.Kernel
	not bool
}

func isNullKernel(not bool) kernel.Builder {
	return func(_ kernel.Site, args []kernel.Kernel) kernel.Kernel { return nullTest{args[0], not} }
}

// Eval reads the validity bitmap, which of all encodings but a constant has a
// bit per row.
func (k nullTest) Eval(r *kernel.Run, rows []int32) *record.Column {
	arg := k.arg.Eval(r, rows)
	defer arg.Release()
	out := r.NewColumn(record.Bool, kernel.IsConstant(arg))
	validity, to := arg.Validity(), out.Bits()
	for i := range to {
		valid := ^uint64(0)
		if validity != nil {
			valid = validity[i]
		}
		to[i] = valid ^ -bit(!k.not)
	}
	return out
}
