package expr

import (
	"fmt"
	"math"

	"github.com/weirstream/weir/operators/expr/syntax"
	"github.com/weirstream/weir/runtime/record"
)

// The loops behind casts between bool, integers and floats.

// plainly converts numbers to a type that has them, or close ones.
func plainly[B, A record.Number](to []B, from []A) bool {
	from = from[:len(to)]
	for i := range to {
		to[i] = B(from[i])
	}
	return false
}

func narrowInts(to []int32, from []int64) bool {
	from = from[:len(to)]
	suspect := false
	for i, v := range from {
		to[i] = int32(v)
		suspect = suspect || int64(to[i]) != v
	}
	return suspect
}

func whyNotNarrow(v int64) error {
	if int64(int32(v)) == v {
		return nil
	}
	return fmt.Errorf("%d is out of range of int32", v)
}

// intsOfFloats rounds to the nearest integer in [-limit, limit), half away from
// zero.
func intsOfFloats[T int32 | int64](limit float64) func(to []T, from []float64) bool {
	return func(to []T, from []float64) bool {
		from = from[:len(to)]
		suspect := false
		for i, v := range from {
			v = math.Round(v)
			suspect = suspect || !(v >= -limit && v < limit)
			to[i] = T(v)
		}
		return suspect
	}
}

func whyNotInt(limit float64, t record.Type) func(float64) error {
	return func(v float64) error {
		if rounded := math.Round(v); rounded >= -limit && rounded < limit {
			return nil
		}
		return fmt.Errorf("%s is out of range of %v", record.AppendFloat(nil, v), t)
	}
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
