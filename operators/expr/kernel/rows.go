package kernel

import (
	"slices"

	"github.com/weirstream/weir/runtime/record"
)

// Positions returns rows, or all positions where rows is nil.
func (r *Run) Positions(rows []int32) []int32 {
	if rows != nil {
		return rows
	}
	for i := len(r.identity); i < r.Batch.Physical(); i++ {
		r.identity = append(r.identity, int32(i))
	}
	return r.identity[:r.Batch.Physical()]
}

// between returns those of rows that lie in [low, high).
func (r *Run) between(rows []int32, low, high int) []int32 {
	if rows == nil {
		return r.Positions(nil)[low:high]
	}
	from, _ := slices.BinarySearch(rows, int32(low))
	to, _ := slices.BinarySearch(rows, int32(high))
	return rows[from:to]
}

// AppendSet appends those of rows whose bit is set; nil rows are the first n.
func AppendSet(to []int32, words []uint64, rows []int32, n int) []int32 {
	if rows == nil {
		return record.AppendSetBits(to, words, n)
	}
	for _, row := range rows {
		if record.BitAt(words, int(row)) {
			to = append(to, row)
		}
	}
	return to
}

// TrueRows appends those of rows, nil being all, for which a bool column is TRUE.
func (r *Run) TrueRows(to []int32, c *record.Column, rows []int32) []int32 {
	switch {
	case IsConstant(c):
		if !c.IsNull(0) && record.BitAt(c.Bits(), 0) {
			to = append(to, r.Positions(rows)...)
		}
		return to
	case c.Encoding() == record.Dictionary:
		plain := c.Gather(nil)
		defer plain.Release()
		c = plain
	}
	words := c.Bits()
	if valid := c.Validity(); valid != nil {
		r.words = r.words[:0]
		for i, w := range words {
			r.words = append(r.words, w&valid[i])
		}
		words = r.words
	}
	return AppendSet(to, words, rows, c.Len())
}
