package kernel

import (
	"fmt"

	"github.com/weirstream/weir/runtime/record"
)

// mapper is a strict kernel from fixed-width values to such.
type mapper[A, B record.Fixed] struct {
	Site
	arg  Kernel
	in   Lanes[A]
	loop func(to []B, from []A) (suspect bool)
	why  func(A) error
}

// Mapping returns the builder of a mapper. loop computes up to 64 values and
// says whether any of them may have failed; why, nil where none can, says why a
// value has no result, or nil if it has one. Values under nulls are looped over
// as well, but do not fail.
func Mapping[A, B record.Fixed](loop func([]B, []A) bool, why func(A) error) Builder {
	return func(s Site, args []Kernel) Kernel {
		return &mapper[A, B]{Site: s, arg: args[0], loop: loop, why: why}
	}
}

// EachFitting returns a mapper of which one gives the result for a value, or says
// that none fits its type; draw writes a value that has none.
func EachFitting[A, B record.Fixed](s Site, arg Kernel, one func(A) (B, bool), draw func(A) string) Kernel {
	loop := func(to []B, from []A) bool {
		from = from[:len(to)]
		suspect := false
		for i, v := range from {
			var ok bool
			to[i], ok = one(v)
			suspect = suspect || !ok
		}
		return suspect
	}
	why := func(v A) error {
		if _, ok := one(v); ok {
			return nil
		}
		return fmt.Errorf("%s is out of range of %v", draw(v), s.Type)
	}
	return Mapping(loop, why)(s, []Kernel{arg})
}

func (k *mapper[A, B]) Eval(r *Run, rows []int32) *record.Column {
	arg := r.Flat(k.arg, rows)
	defer arg.Release()
	if IsNullConstant(arg) {
		return r.Null(k.Type)
	}
	out := r.NewColumn(k.Type, IsConstant(arg))
	JoinNulls(out, arg)
	k.in.Read(arg)
	to := record.Values[B](out)
	for low := 0; low < len(to); low += 64 {
		high := min(low+64, len(to))
		if k.loop(to[low:high], k.in.From(low, high)) {
			k.explain(r, rows, low, high, out)
		}
	}
	return out
}

// explain records which of the rows [low, high) of out failed.
func (k *mapper[A, B]) explain(r *Run, rows []int32, low, high int, out *record.Column) {
	in := k.in.From(low, high)
	r.explain(rows, low, high, out, func(i int) error {
		return k.wrap(k.why(in[i]))
	})
}

func (s Site) wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", s.Text, err)
}

// explain calls why for the rows in [low, high) that are asked for and not
// null, with their position behind low, and records what it returns.
func (r *Run) explain(rows []int32, low, high int, out *record.Column, why func(i int) error) {
	if IsConstant(out) {
		if err := why(0); err != nil {
			r.failAll(rows, err)
		}
		return
	}
	for _, row := range r.between(rows, low, high) {
		if out.IsNull(int(row)) {
			continue
		}
		if err := why(int(row) - low); err != nil {
			r.fail(row, err)
		}
	}
}

// combiner is a strict kernel from two fixed-width values to one; decimals of
// different scales are of one type here.
type combiner[T record.Fixed] struct {
	Site
	args        []Kernel
	left, right Lanes[T]
	loop        func(to, left, right []T) (suspect bool)
	why         func(left, right T) error
}

// Combining returns the builder of a combiner; loop and why are as in [Mapping].
func Combining[T record.Fixed](loop func(to, left, right []T) bool, why func(left, right T) error) Builder {
	return func(s Site, args []Kernel) Kernel {
		return &combiner[T]{Site: s, args: args, loop: loop, why: why}
	}
}

func (k *combiner[T]) Eval(r *Run, rows []int32) *record.Column {
	left, right := r.Flat(k.args[0], rows), r.Flat(k.args[1], rows)
	defer left.Release()
	defer right.Release()
	if IsNullConstant(left) || IsNullConstant(right) {
		return r.Null(k.Type)
	}
	out := r.NewColumn(k.Type, IsConstant(left) && IsConstant(right))
	JoinNulls(out, left, right)
	k.left.Read(left)
	k.right.Read(right)
	to := record.Values[T](out)
	for low := 0; low < len(to); low += 64 {
		high := min(low+64, len(to))
		if k.loop(to[low:high], k.left.From(low, high), k.right.From(low, high)) {
			k.explain(r, rows, low, high, out)
		}
	}
	return out
}

func (k *combiner[T]) explain(r *Run, rows []int32, low, high int, out *record.Column) {
	left, right := k.left.From(low, high), k.right.From(low, high)
	r.explain(rows, low, high, out, func(i int) error {
		return k.wrap(k.why(left[i], right[i]))
	})
}
