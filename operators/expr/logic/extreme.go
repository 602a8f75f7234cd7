package logic

import (
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
)

// extremes is GREATEST or LEAST: the arguments two by two, from the left.
func extremes(greatest bool) kernel.Builder {
	return func(s kernel.Site, args []kernel.Kernel) kernel.Kernel {
		pair := kernel.Site{Text: s.Text, Type: s.Type, Args: []kernel.Argument{{Type: s.Type}, {Type: s.Type}}}
		so := args[0]
		for _, arg := range args[1:] {
			so = extremeOf(pair, greatest, so, arg)
		}
		return so
	}
}

func extremeOf(s kernel.Site, greatest bool, left, right kernel.Kernel) kernel.Kernel {
	args := []kernel.Kernel{left, right}
	switch {
	case s.Type == record.Float64 && greatest:
		return kernel.Combining(greaterFloats, nil)(s, args)
	case s.Type == record.Float64:
		return kernel.Combining(lesserFloats, nil)(s, args)
	case (s.Type == record.Int64 || s.Type == record.Timestamp) && greatest:
		return kernel.Combining(greaterInts[int64], nil)(s, args)
	case s.Type == record.Int64 || s.Type == record.Timestamp:
		return kernel.Combining(lesserInts[int64], nil)(s, args)
	case (s.Type == record.Int32 || s.Type == record.Date) && greatest:
		return kernel.Combining(greaterInts[int32], nil)(s, args)
	case s.Type == record.Int32 || s.Type == record.Date:
		return kernel.Combining(lesserInts[int32], nil)(s, args)
	}
	op := "<="
	if greatest {
		op = ">="
	}
	k := &extreme{typ: s.Type, left: left, right: right}
	k.leftFirst = comparing(op)(s, []kernel.Kernel{&k.held[0], &k.held[1]})
	return k
}

func greaterInts[T int32 | int64](to, a, b []T) bool {
	a, b = a[:len(to)], b[:len(to)]
	for i := range to {
		to[i] = max(a[i], b[i])
	}
	return false
}

func lesserInts[T int32 | int64](to, a, b []T) bool {
	a, b = a[:len(to)], b[:len(to)]
	for i := range to {
		to[i] = min(a[i], b[i])
	}
	return false
}

// NaN is greater than all other numbers.

func greaterFloats(to, a, b []float64) bool {
	a, b = a[:len(to)], b[:len(to)]
	for i := range to {
		if to[i] = a[i]; b[i] > a[i] || b[i] != b[i] {
			to[i] = b[i]
		}
	}
	return false
}

func lesserFloats(to, a, b []float64) bool {
	a, b = a[:len(to)], b[:len(to)]
	for i := range to {
		if to[i] = a[i]; b[i] < a[i] || a[i] != a[i] {
			to[i] = b[i]
		}
	}
	return false
}

// extreme is the greater or lesser of two values of any type that compares; NULL
// where one is.
type extreme struct {
	typ         record.Type
	left, right kernel.Kernel
	held        [2]kernel.Held
	leftFirst   kernel.Kernel // compares what is held
	choice      choice
	take        [2][]int32
	null        []int32
}

func (k *extreme) Eval(r *kernel.Run, rows []int32) *record.Column {
	k.held[0].Column = k.left.Eval(r, rows)
	k.held[1].Column = k.right.Eval(r, rows)
	rows = r.Positions(rows)
	test := r.Flat(k.leftFirst, rows)
	k.take[0], k.take[1], k.null = k.take[0][:0], k.take[1][:0], k.null[:0]
	for _, row := range rows {
		switch {
		case test.IsNull(int(row)):
			k.null = append(k.null, row)
		case record.BitAt(test.Bits(), test.ValueIndex(int(row))):
			k.take[0] = append(k.take[0], row)
		default:
			k.take[1] = append(k.take[1], row)
		}
	}
	test.Release()
	k.choice.begin(r, k.typ)
	for i := range k.held {
		k.choice.take(k.held[i].Column, k.take[i])
		k.held[i].Column = nil
	}
	k.choice.null(k.null)
	return k.choice.end(r)
}
