package expr

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/weirstream/weir/operators/expr/syntax"
	"github.com/weirstream/weir/runtime/excerpt"
	"github.com/weirstream/weir/runtime/record"
)

func writeBool(to []byte, c *record.Column, i int) ([]byte, error) {
	return strconv.AppendBool(to, record.BitAt(c.Bits(), i)), nil
}

func readBool(text []byte) (bool, error) {
	switch {
	case bytes.EqualFold(text, []byte("true")):
		return true, nil
	case bytes.EqualFold(text, []byte("false")):
		return false, nil
	}
	return false, fmt.Errorf("%q is neither true nor false", excerpt.Of(text))
}

// numberOfTruth casts bool to integers: 1 is TRUE.
func numberOfTruth[T int32 | int64](s site, args []kernel) kernel {
	return truthNumber[T]{s.typ, args[0]}
}

type truthNumber[T int32 | int64] struct {
	typ record.Type
	arg kernel
}

func (k truthNumber[T]) eval(r *run, rows []int32) *record.Column {
	arg := r.flat(k.arg, rows)
	defer arg.Release()
	if isNullConstant(arg) {
		return r.null(k.typ)
	}
	out := r.column(k.typ, isConstant(arg))
	joinNulls(out, arg)
	words, to := arg.Bits(), record.Values[T](out)
	for i := range to {
		to[i] = T(words[i>>6] >> (i & 63) & 1)
	}
	return out
}

// truthOfNumber casts integers to bool: all but 0 is TRUE.
func truthOfNumber(s site, args []kernel) kernel {
	zero := &readLiteral{value: syntax.Value{Type: s.args[0].typ}}
	return comparing("<>")(s, []kernel{args[0], zero})
}

// boolCasts are the casts from and to bool.
var boolCasts = []castRule{
	{from: record.KindBool, to: record.KindInt32, build: numberOfTruth[int32]},
	{from: record.KindBool, to: record.KindInt64, build: numberOfTruth[int64]},
	{from: record.KindInt32, to: record.KindBool, build: truthOfNumber},
	{from: record.KindInt64, to: record.KindBool, build: truthOfNumber},
	{from: record.KindString, to: record.KindBool, fails: true, build: reading(readBool, storeBool)},
	{from: record.KindBool, to: record.KindString, build: writing(writeBool)},
}
