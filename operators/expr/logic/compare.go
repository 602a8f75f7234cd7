package logic

import (
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
)

// relation is a comparison in terms of the three that have loops: whether to
// swap the operands, and whether to negate the result. That is sound because
// the order is total, NaN included.
type relation struct {
	base         base
	swap, negate bool
}

type base uint8

const (
	equal base = iota
	less
	lessOrEqual
)

var relations = map[string]relation{
	"=": {equal, false, false}, "<>": {equal, false, true},
	"<": {less, false, false}, ">": {less, true, false},
	"<=": {lessOrEqual, false, false}, ">=": {lessOrEqual, true, false},
}

// comparison is a strict kernel that compares flat columns of one type 64 rows
// at a time.
type comparison struct {
	relation
	args []kernel.Kernel
	rows Comparer
}

// Comparer compares rows of two columns, which have one type but for the scales of
// decimals.
type Comparer interface {
	// Read begins to compare flat columns.
	Read(left, right *record.Column)
	// Word returns a bit per row of [low, high), at most 64.
	Word(low, high int) uint64
}

func (k *comparison) Eval(r *kernel.Run, rows []int32) *record.Column {
	left, right := r.Flat(k.args[0], rows), r.Flat(k.args[1], rows)
	defer left.Release()
	defer right.Release()
	if kernel.IsNullConstant(left) || kernel.IsNullConstant(right) {
		return r.Null(record.Bool)
	}
	out := r.NewColumn(record.Bool, kernel.IsConstant(left) && kernel.IsConstant(right))
	kernel.JoinNulls(out, left, right)
	if k.swap {
		left, right = right, left
	}
	k.rows.Read(left, right)
	to, n, flip := out.Bits(), kernel.Stored(out), uint64(0)
	if k.negate {
		flip = ^flip
	}
	for i := range to {
		to[i] = k.rows.Word(i<<6, min(i<<6+64, n)) ^ flip
	}
	return out
}

// comparing returns the builder of a comparison of values of one type, or of
// decimals.
func comparing(op string) kernel.Builder {
	rel := relations[op]
	return func(s kernel.Site, args []kernel.Kernel) kernel.Kernel {
		left, right := s.Args[0].Type, s.Args[1].Type
		if rel.swap {
			left, right = right, left
		}
		return &comparison{relation: rel, args: args, rows: comparerOf(rel.base, left, right)}
	}
}

// Equality returns what tells whether values of two types, which are one but for the
// scales of decimals, are equal.
func Equality(left, right record.Type) Comparer { return comparerOf(equal, left, right) }

func comparerOf(b base, left, right record.Type) Comparer {
	switch left.Kind {
	case record.KindFloat64:
		return newNumbers[float64](b)
	case record.KindInt32, record.KindDate:
		return newNumbers[int32](b)
	case record.KindDecimal:
		return &decimals{base: b, leftScale: int(left.Scale), rightScale: int(right.Scale)}
	case record.KindString, record.KindBytes:
		return &texts{base: b}
	case record.KindBool:
		return &truths{base: b}
	}
	return newNumbers[int64](b)
}

// numbers compares integers, timestamps, dates and float64.
type numbers[T record.Number] struct {
	left, right kernel.Lanes[T]
	test        func(left, right []T) uint64
}

func newNumbers[T record.Number](b base) *numbers[T] {
	return &numbers[T]{test: [...]func(a, b []T) uint64{equal: testEqual[T], less: testLess[T], lessOrEqual: testLessOrEqual[T]}[b]}
}

func (c *numbers[T]) Read(left, right *record.Column) {
	c.left.Read(left)
	c.right.Read(right)
}

func (c *numbers[T]) Word(low, high int) uint64 {
	return c.test(c.left.From(low, high), c.right.From(low, high))
}

// The tests order NaN behind all other numbers and equal to itself. "v != v"
// asks for NaN and is constant for integers.

func testEqual[T record.Number](a, b []T) (word uint64) {
	b = b[:len(a)]
	for i := range a {
		word |= bit(a[i] == b[i] || a[i] != a[i] && b[i] != b[i]) << (i & 63)
	}
	return word
}

func testLess[T record.Number](a, b []T) (word uint64) {
	b = b[:len(a)]
	for i := range a {
		word |= bit(a[i] < b[i] || b[i] != b[i] && a[i] == a[i]) << (i & 63)
	}
	return word
}

func testLessOrEqual[T record.Number](a, b []T) (word uint64) {
	b = b[:len(a)]
	for i := range a {
		word |= bit(a[i] <= b[i] || b[i] != b[i]) << (i & 63)
	}
	return word
}

func bit(v bool) uint64 {
	var b uint64
	if v {
		b = 1
	}
	return b
}
