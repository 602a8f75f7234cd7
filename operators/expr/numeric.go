package expr

import (
	"fmt"

	"github.com/weirstream/weir/runtime/record"
)

// mapper is a strict kernel from fixed-width values to such.
type mapper[A, B record.Fixed] struct {
	site
	arg  kernel
	in   lanes[A]
	loop func(to []B, from []A) (suspect bool)
	why  func(A) error
}

// mapping returns the builder of a mapper. loop computes up to 64 values and
// says whether any of them may have failed; why, nil where none can, says why a
// value has no result, or nil if it has one. Values under nulls are looped over
// as well, but do not fail.
func mapping[A, B record.Fixed](loop func([]B, []A) bool, why func(A) error) builder {
	return func(s site, args []kernel) kernel {
		return &mapper[A, B]{site: s, arg: args[0], loop: loop, why: why}
	}
}

// eachFitting returns a mapper of which one gives the result for a value, or says
// that none fits its type; draw writes a value that has none.
func eachFitting[A, B record.Fixed](s site, arg kernel, one func(A) (B, bool), draw func(A) string) kernel {
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
		return fmt.Errorf("%s is out of range of %v", draw(v), s.typ)
	}
	return mapping(loop, why)(s, []kernel{arg})
}

func (k *mapper[A, B]) eval(r *run, rows []int32) *record.Column {
	arg := r.flat(k.arg, rows)
	defer arg.Release()
	if isNullConstant(arg) {
		return r.null(k.typ)
	}
	out := r.column(k.typ, isConstant(arg))
	joinNulls(out, arg)
	k.in.read(arg)
	to := record.Values[B](out)
	for low := 0; low < len(to); low += 64 {
		high := min(low+64, len(to))
		if k.loop(to[low:high], k.in.from(low, high)) {
			k.explain(r, rows, low, high, out)
		}
	}
	return out
}

// explain records which of the rows [low, high) of out failed.
func (k *mapper[A, B]) explain(r *run, rows []int32, low, high int, out *record.Column) {
	in := k.in.from(low, high)
	r.explain(rows, low, high, out, func(i int) error {
		return k.wrap(k.why(in[i]))
	})
}

func (s site) wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", s.text, err)
}

// explain calls why for the rows in [low, high) that are asked for and not
// null, with their position behind low, and records what it returns.
func (r *run) explain(rows []int32, low, high int, out *record.Column, why func(i int) error) {
	if isConstant(out) {
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
	site
	args        []kernel
	left, right lanes[T]
	loop        func(to, left, right []T) (suspect bool)
	why         func(left, right T) error
}

// combining returns the builder of a combiner; loop and why are as in [mapping].
func combining[T record.Fixed](loop func(to, left, right []T) bool, why func(left, right T) error) builder {
	return func(s site, args []kernel) kernel {
		return &combiner[T]{site: s, args: args, loop: loop, why: why}
	}
}

func (k *combiner[T]) eval(r *run, rows []int32) *record.Column {
	left, right := r.flat(k.args[0], rows), r.flat(k.args[1], rows)
	defer left.Release()
	defer right.Release()
	if isNullConstant(left) || isNullConstant(right) {
		return r.null(k.typ)
	}
	out := r.column(k.typ, isConstant(left) && isConstant(right))
	joinNulls(out, left, right)
	k.left.read(left)
	k.right.read(right)
	to := record.Values[T](out)
	for low := 0; low < len(to); low += 64 {
		high := min(low+64, len(to))
		if k.loop(to[low:high], k.left.from(low, high), k.right.from(low, high)) {
			k.explain(r, rows, low, high, out)
		}
	}
	return out
}

func (k *combiner[T]) explain(r *run, rows []int32, low, high int, out *record.Column) {
	left, right := k.left.from(low, high), k.right.from(low, high)
	r.explain(rows, low, high, out, func(i int) error {
		return k.wrap(k.why(left[i], right[i]))
	})
}
