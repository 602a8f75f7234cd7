package logic

import (
	"bytes"

	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
)

// texts compares strings and bytes by their bytes, which for UTF-8 is by code points.
type texts struct {
	base                base
	left, right         record.Strings
	leftStep, rightStep int // 0 of a constant
}

func (c *texts) Read(left, right *record.Column) {
	c.left, c.leftStep = left.Strings(), kernel.Step(left)
	c.right, c.rightStep = right.Strings(), kernel.Step(right)
}

func (c *texts) Word(low, high int) (word uint64) {
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
