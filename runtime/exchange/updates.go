package exchange

import (
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/state/keyrange"
)

// partUpdates returns the kinds of a batch's rows as their consumers see them, which
// the caller owns; nil where it has none. Where the halves of an update go to different
// channels, each is a change of its own there.
func (s *Sender) partUpdates(b *record.Batch) *record.Column {
	if b.RowKinds == nil {
		return nil
	}
	kinds := b.RowKinds.Retain()
	at := func(i int) int32 { return int32(i) }
	if rows := b.Selection(); rows != nil {
		at = func(i int) int32 { return rows[i] }
	}
	for i := 1; i < b.Len(); i++ {
		before, after := at(i-1), at(i)
		if !b.IsUpdate(before, after) || s.channelOf(i-1) == s.channelOf(i) {
			continue
		}
		if kinds == b.RowKinds { // which others share
			kinds.Release()
			kinds = b.RowKinds.Copy()
		}
		kinds.RowKinds()[before], kinds.RowKinds()[after] = record.Delete, record.Insert
	}
	return kinds
}

// channelOf returns the channel of row i of those that were hashed.
func (s *Sender) channelOf(i int) int { return keyrange.Subtask(s.hashes[i], len(s.channels)) }
