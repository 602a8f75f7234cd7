package logic

import (
	"strconv"

	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/operators/expr/syntax"
	"github.com/weirstream/weir/runtime/record"
)

// casts are the casts from and to bool.
var casts = []kernel.Cast{
	{From: record.KindBool, To: record.KindInt32, Build: numberOfTruth[int32]},
	{From: record.KindBool, To: record.KindInt64, Build: numberOfTruth[int64]},
	{From: record.KindInt32, To: record.KindBool, Build: truthOfNumber},
	{From: record.KindInt64, To: record.KindBool, Build: truthOfNumber},
	{From: record.KindString, To: record.KindBool, Fails: true, Build: kernel.Reading(record.ParseBool, kernel.StoreBool)},
	{From: record.KindBool, To: record.KindString, Build: kernel.Writing(writeBool)},
}

func writeBool(to []byte, c *record.Column, i int) ([]byte, error) {
	return strconv.AppendBool(to, record.BitAt(c.Bits(), i)), nil
}

// numberOfTruth casts bool to integers: 1 is TRUE.
func numberOfTruth[T int32 | int64](s kernel.Site, args []kernel.Kernel) kernel.Kernel {
	return truthNumber[T]{s.Type, args[0]}
}

type truthNumber[T int32 | int64] struct {
	typ record.Type
	arg kernel.Kernel
}

func (k truthNumber[T]) Eval(r *kernel.Run, rows []int32) *record.Column {
	arg := r.Flat(k.arg, rows)
	defer arg.Release()
	if kernel.IsNullConstant(arg) {
		return r.Null(k.typ)
	}
	out := r.NewColumn(k.typ, kernel.IsConstant(arg))
	kernel.JoinNulls(out, arg)
	words, to := arg.Bits(), record.Values[T](out)
	for i := range to {
		to[i] = T(words[i>>6] >> (i & 63) & 1)
	}
	return out
}

// truthOfNumber casts integers to bool: all but 0 is TRUE.
func truthOfNumber(s kernel.Site, args []kernel.Kernel) kernel.Kernel {
	zero := kernel.Literal(syntax.Value{Type: s.Args[0].Type})(s, nil)
	s.Args = []kernel.Argument{s.Args[0], s.Args[0]}
	return comparing("<>")(s, []kernel.Kernel{args[0], zero})
}
