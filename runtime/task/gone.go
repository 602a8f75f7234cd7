package task

import (
	"fmt"

	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/stream"
)

// This file is what becomes of splits that nobody can read any more.

// lose takes note of such splits. What of them has been fetched already counts.
func (s *source) lose(ids []stream.SplitID) {
	for _, id := range ids {
		if sp := s.byID[id]; sp != nil && !sp.finished {
			s.gone = append(s.gone, sp)
		}
	}
	if len(s.gone) > 0 {
		s.interruptFetch()
	}
}

// noticeGone gives up the splits that are gone. All that was fetched of them has been sent on.
// If rows of one were not read, that is damage.
func (s *source) noticeGone() error {
	gone := s.gone
	s.gone = nil
	for _, sp := range gone {
		if !sp.finished {
			if err := s.giveUp(sp); err != nil {
				return err
			}
		}
	}
	return nil
}

// giveUp ends a split where it has got to.
func (s *source) giveUp(sp *split) error {
	where := s.locate([]stream.Piece{{Split: sp.id, Next: sp.position}}, 0)
	if len(sp.position) == 0 {
		where = "its start"
	}
	err := fmt.Errorf("split %q is gone, and was read up to %s: the rows behind that cannot be read any more", sp.id, where)
	dropper, ok := s.reader.(stream.Dropper)
	if !s.spec.SkipDamage || !ok {
		return failure.Fatal(fmt.Errorf("%w; to go on without them, set on_damage: skip", err))
	}
	if !sp.drained {
		dropper.Drop([]stream.SplitID{sp.id})
		s.drainSplit(sp)
	}
	s.chain.report(Lost{s.node.step.ID, fmt.Errorf("%w, and are left out (on_damage: skip)", err)})
	s.announce(s.follow(sp, &stream.Piece{Split: sp.id, Finished: true}, 0))
	s.tellFront()
	return nil
}
