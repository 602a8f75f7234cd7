package expr

import (
	"bytes"

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
	rows comparer
}

// comparer compares rows of two columns, which have one type but for the scales of
// decimals.
type comparer interface {
	read(left, right *record.Column)
	// word returns a bit per row of [low, high), at most 64.
	word(low, high int) uint64
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
	k.rows.read(left, right)
	to, n, flip := out.Bits(), kernel.Stored(out), uint64(0)
	if k.negate {
		flip = ^flip
	}
	for i := range to {
		to[i] = k.rows.word(i<<6, min(i<<6+64, n)) ^ flip
	}
	return out
}

// comparing returns the builder of a comparison of values of one type, or of
// decimals.
func comparing(op string) kernel.Builder {
	rel := relations[op]
	return func(s kernel.Site, args []kernel.Kernel) kernel.Kernel {
		k := &comparison{relation: rel, args: args}
		switch s.Args[0].Type.Kind {
		case record.KindFloat64:
			k.rows = newNumbers[float64](rel.base)
		case record.KindInt32, record.KindDate:
			k.rows = newNumbers[int32](rel.base)
		case record.KindDecimal:
			k.rows = newDecimals(rel, s.Args)
		case record.KindString, record.KindBytes:
			k.rows = &texts{base: rel.base}
		case record.KindBool:
			k.rows = &truths{base: rel.base}
		default:
			k.rows = newNumbers[int64](rel.base)
		}
		return k
	}
}

// numbers compares integers, timestamps, dates and float64.
type numbers[T record.Number] struct {
	left, right kernel.Lanes[T]
	test        func(left, right []T) uint64
}

func newNumbers[T record.Number](b base) *numbers[T] {
	return &numbers[T]{test: [...]func(a, b []T) uint64{equal: testEqual[T], less: testLess[T], lessOrEqual: testLessOrEqual[T]}[b]}
}

func (c *numbers[T]) read(left, right *record.Column) {
	c.left.Read(left)
	c.right.Read(right)
}

func (c *numbers[T]) word(low, high int) uint64 {
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

// texts compares strings and bytes by their bytes, which for UTF-8 is by code points.
type texts struct {
	base                base
	left, right         record.Strings
	leftStep, rightStep int // 0 of a constant
}

func (c *texts) read(left, right *record.Column) {
	c.left, c.leftStep = left.Strings(), kernel.Step(left)
	c.right, c.rightStep = right.Strings(), kernel.Step(right)
}

func (c *texts) word(low, high int) (word uint64) {
	if c.base == equal {
		for i := low; i < high; i++ {
			word |= bit(bytes.Equal(c.left.At(i*c.leftStep), c.right.At(i*c.rightStep))) << (i & 63)
		}
		return word
	}
	most := 0 // how a pair may compare, to be so
	if c.base == less {
		most = -1
	}
	for i := low; i < high; i++ {
		word |= bit(bytes.Compare(c.left.At(i*c.leftStep), c.right.At(i*c.rightStep)) <= most) << (i & 63)
	}
	return word
}

// truths compares bools; FALSE is less than TRUE.
type truths struct {
	base        base
	left, right []uint64
	// Words that stand for the repeated value of a constant.
	leftFill, rightFill [1]uint64
}

func (c *truths) read(left, right *record.Column) {
	c.left, c.right = bitsOrFill(left, &c.leftFill), bitsOrFill(right, &c.rightFill)
}

func bitsOrFill(c *record.Column, fill *[1]uint64) []uint64 {
	if !kernel.IsConstant(c) {
		return c.Bits()
	}
	fill[0] = -(c.Bits()[0] & 1)
	return fill[:]
}

func (c *truths) word(low, _ int) uint64 {
	a, b := c.left[min(low>>6, len(c.left)-1)], c.right[min(low>>6, len(c.right)-1)]
	switch c.base {
	case equal:
		return ^(a ^ b)
	case less:
		return ^a & b
	}
	return ^a | b
}
