package kernel

import "github.com/weirstream/weir/runtime/record"

// Lanes reads a flat column 64 values at a time, so that a loop over them fills
// one word of a bitmap. A constant reads as a column that repeats it, and so
// each kernel has a single loop for columns and constants.
type Lanes[T record.Fixed] struct {
	values []T // nil of a constant
	fill   [64]T
}

// Read begins to read a column.
func (l *Lanes[T]) Read(c *record.Column) {
	l.values = record.Values[T](c)
	if !IsConstant(c) {
		return
	}
	v := l.values[0]
	l.values = nil
	for i := range l.fill {
		l.fill[i] = v
	}
}

// From returns the values of rows [low, high), which lie in one word.
func (l *Lanes[T]) From(low, high int) []T {
	if l.values == nil {
		return l.fill[:high-low]
	}
	return l.values[low:high]
}
