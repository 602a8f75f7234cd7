package logic

import (
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
)

// truths compares bools; FALSE is less than TRUE.
type truths struct {
	base        base
	left, right []uint64
	// Words that stand for the repeated value of a constant.
	leftFill, rightFill [1]uint64
}

func (c *truths) Read(left, right *record.Column) {
	c.left, c.right = bitsOrFill(left, &c.leftFill), bitsOrFill(right, &c.rightFill)
}

func bitsOrFill(c *record.Column, fill *[1]uint64) []uint64 {
	if !kernel.IsConstant(c) {
		return c.Bits()
	}
	fill[0] = -(c.Bits()[0] & 1)
	return fill[:]
}

func (c *truths) Word(low, _ int) uint64 {
	a, b := c.left[min(low>>6, len(c.left)-1)], c.right[min(low>>6, len(c.right)-1)]
	switch c.base {
	case equal:
		return ^(a ^ b)
	case less:
		return ^a & b
	}
	return ^a | b
}
