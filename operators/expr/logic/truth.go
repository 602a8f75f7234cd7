package logic

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
