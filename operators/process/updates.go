package process

import "github.com/weirstream/weir/runtime/record"

// This file keeps changelogs whole where rows are left out. Of an update whose halves
// do not pass both, the one that does is a change of its own: what was withdrawn to be
// replaced is gone, or what replaces a row that never passed is new.

// mendUpdates changes the kinds of such rows in result, which nobody else holds and
// which has some of the rows of b.
func (p *Project) mendUpdates(b, result *record.Batch) {
	passed := result.Selection()
	var kinds *record.Column // nil until one has to change; others share those of b
	set := func(row int32, kind record.RowKind) {
		if kinds == nil {
			kinds = b.RowKinds.Copy()
		}
		kinds.RowKinds()[row] = kind
	}
	p.eachUpdate(b, func(before, after int32) {
		var first, second bool
		first, passed = passes(passed, before)
		second, passed = passes(passed, after)
		switch {
		case first && !second:
			set(before, record.Delete)
		case second && !first:
			set(after, record.Insert)
		}
	})
	if kinds != nil {
		result.RowKinds.Release()
		result.RowKinds = kinds
	}
}

// passes reports whether a row is among ascending positions, and returns those behind
// it.
func passes(positions []int32, row int32) (bool, []int32) {
	for len(positions) > 0 && positions[0] < row {
		positions = positions[1:]
	}
	return len(positions) > 0 && positions[0] == row, positions
}

// eachUpdate calls f with the rows of each update of b, in their order.
func (p *Project) eachUpdate(b *record.Batch, f func(before, after int32)) {
	at := func(i int) int32 { return int32(i) }
	if rows := b.Selection(); rows != nil {
		at = func(i int) int32 { return rows[i] }
	}
	for i := 1; i < b.Len(); i++ {
		if before, after := at(i-1), at(i); b.IsUpdate(before, after) {
			f(before, after)
		}
	}
}
