package agg

import (
	"slices"

	"github.com/weirstream/weir/runtime/record"
)

// Input is rows of a batch and the group of each.
type Input struct {
	Batch  *record.Batch
	Keys   []*record.Column // the key columns of Batch
	Rows   []int32          // positions of the rows in Batch; nil is all physical rows
	Hashes []uint64         // the key hash of each of the rows
	Groups groups           // the group of each of the rows
}

// Len returns the number of rows.
func (in *Input) Len() int { return len(in.Groups) }

// A lane is the values of a batch that take part in some parts.
type lane struct {
	spec   laneSpec
	in     *Input
	values *record.Column // plain; nil without an argument
	groups groups         // the group of each value
	at     []int32        // the position of each value in the columns of the batch
	row    []int32        // the position of each value among the rows of the input

	groupsBuf groups
	atBuf     []int32
	rowBuf    []int32
}

// fill collects the values of a batch. identity holds 0, 1, 2, … up to at least
// the number of rows.
func (l *lane) fill(in *Input, identity []int32) {
	l.in, l.values = in, nil
	if l.spec.column != None {
		l.values = in.Batch.Columns[l.spec.column].Gather(nil)
	}
	at := in.Rows
	if at == nil {
		at = identity[:in.Len()]
	}
	l.groups, l.at, l.row = in.Groups, at, identity[:in.Len()]
	if l.values != nil {
		l.keep(l.values.Validity())
	}
	if l.spec.filter != None {
		filter := in.Batch.Columns[l.spec.filter].Gather(nil)
		l.keep(filter.Bits())
		l.keep(filter.Validity())
		filter.Release()
	}
}

// keep drops the values at positions whose bit is not set; a nil bitmap keeps all.
func (l *lane) keep(bitmap []uint64) {
	if bitmap == nil {
		return
	}
	n := len(l.at)
	groups, at, row := grow(&l.groupsBuf, n), grow(&l.atBuf, n), grow(&l.rowBuf, n)
	kept := 0
	for k, i := range l.at {
		groups[kept], at[kept], row[kept] = l.groups[k], i, l.row[k]
		if record.BitAt(bitmap, int(i)) {
			kept++
		}
	}
	l.groups, l.at, l.row = groups[:kept], at[:kept], row[:kept]
}

func (l *lane) release() {
	if l.values != nil {
		l.values.Release()
	}
	l.in, l.values = nil, nil
}

// grow returns a slice of n elements in buf's memory, enlarged where it is too
// small. What it held stays.
func grow[T any](buf *[]T, n int) []T {
	*buf = slices.Grow((*buf)[:0], n)[:n]
	return *buf
}
