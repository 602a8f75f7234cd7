package logic

import (
	"github.com/weirstream/weir/operators/expr/kernel"
	"github.com/weirstream/weir/runtime/record"
)

// decimals compares decimals, whose scales may differ.
type decimals struct {
	base                  base
	left, right           kernel.Lanes[record.Decimal]
	leftScale, rightScale int
}

func (c *decimals) Read(left, right *record.Column) {
	c.left.Read(left)
	c.right.Read(right)
}

func (c *decimals) Word(low, high int) (word uint64) {
	a, b := c.left.From(low, high), c.right.From(low, high)
	b = b[:len(a)]
	for i := range a {
		order := compareScaled(a[i], c.leftScale, b[i], c.rightScale)
		word |= bit(order < 0 && c.base != equal || order == 0 && c.base != less) << (i & 63)
	}
	return word
}

// compareScaled compares numbers of two scales. One that has too many digits for
// the larger scale is further from zero than any that has it.
func compareScaled(a record.Decimal, aScale int, b record.Decimal, bScale int) int {
	switch {
	case aScale < bScale:
		scaled, ok := a.Rescale(aScale, bScale)
		if !ok {
			return a.Sign()
		}
		a = scaled
	case aScale > bScale:
		scaled, ok := b.Rescale(bScale, aScale)
		if !ok {
			return -b.Sign()
		}
		b = scaled
	}
	return a.Compare(b)
}
