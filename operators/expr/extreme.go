package expr

import "github.com/weirstream/weir/runtime/record"

// extremes is GREATEST or LEAST: the arguments two by two, from the left.
func extremes(greatest bool) builder {
	return func(s site, args []kernel) kernel {
		pair := site{text: s.text, typ: s.typ, args: []argument{{typ: s.typ}, {typ: s.typ}}}
		so := args[0]
		for _, arg := range args[1:] {
			so = extremeOf(pair, greatest, so, arg)
		}
		return so
	}
}

func extremeOf(s site, greatest bool, left, right kernel) kernel {
	args := []kernel{left, right}
	switch {
	case s.typ == record.Float64 && greatest:
		return combining(greaterFloats, nil)(s, args)
	case s.typ == record.Float64:
		return combining(lesserFloats, nil)(s, args)
	case (s.typ == record.Int64 || s.typ == record.Timestamp) && greatest:
		return combining(greaterInts[int64], nil)(s, args)
	case s.typ == record.Int64 || s.typ == record.Timestamp:
		return combining(lesserInts[int64], nil)(s, args)
	case (s.typ == record.Int32 || s.typ == record.Date) && greatest:
		return combining(greaterInts[int32], nil)(s, args)
	case s.typ == record.Int32 || s.typ == record.Date:
		return combining(lesserInts[int32], nil)(s, args)
	}
	op := "<="
	if greatest {
		op = ">="
	}
	k := &extreme{typ: s.typ, left: left, right: right}
	k.leftFirst = comparing(op)(s, []kernel{&k.held[0], &k.held[1]})
	return k
}

func greaterInts[T integer](to, a, b []T) bool {
	a, b = a[:len(to)], b[:len(to)]
	for i := range to {
		to[i] = max(a[i], b[i])
	}
	return false
}

func lesserInts[T integer](to, a, b []T) bool {
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
	left, right kernel
	held        [2]heldColumn
	leftFirst   kernel // compares what is held
	choice      choice
	take        [2][]int32
	null        []int32
}

func (k *extreme) eval(r *run, rows []int32) *record.Column {
	k.held[0].column = k.left.eval(r, rows)
	k.held[1].column = k.right.eval(r, rows)
	rows = r.positions(rows)
	test := r.flat(k.leftFirst, rows)
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
		k.choice.take(k.held[i].column, k.take[i])
		k.held[i].column = nil
	}
	k.choice.null(k.null)
	return k.choice.end(r)
}
