package task

import (
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/watermark"
)

// This file holds a source back where the other sources of its job are behind it
// (align_within). It tells the master how far it has come, its front, and is told a limit:
// what is later than that is not read on.
//
// A reader that can pause splits is held back split by split, and its front is the least of
// them; another is held back as a whole, and its front is the greatest. So whoever has the
// least front of all is never held back. The watermark would not do as a front: that of a
// complete source never moves.

// alignment is how a source is held back.
type alignment struct {
	within time.Duration
	pauser stream.Pauser       // nil: the reader is held back as a whole
	fronts *watermark.Combiner // of the splits
	latest record.Time         // of all splits
	limit  record.Time         // before the first, nothing is read on
	ahead  int                 // splits behind the limit of which the reader has more
	change []*split

	told    record.Time // the master, as the front
	counted bool        // it was told that the front counts
	isTold  bool
}

func newAlignment(within time.Duration, reader stream.Reader) *alignment {
	if within == 0 {
		return nil
	}
	a := &alignment{within: within, fronts: watermark.NewCombiner(0), latest: record.MinTime}
	a.limit = record.MinTime
	a.pauser, _ = reader.(stream.Pauser)
	return a
}

// add takes in splits. All of them count before one raises the front.
func (a *alignment) add(splits []*split) {
	if a == nil {
		return
	}
	for _, sp := range splits {
		sp.front = a.fronts.Add()
	}
	for _, sp := range splits {
		if a.observe(sp); sp.idle {
			a.fronts.SetIdle(sp.front)
		}
	}
}

// observe takes note of how far a split has come.
func (a *alignment) observe(sp *split) {
	if a == nil {
		return
	}
	a.latest = max(a.latest, sp.mark.Max)
	switch {
	case sp.finished:
		a.fronts.End(sp.front)
	case !sp.idle:
		a.fronts.Raise(sp.front, sp.mark.Max)
	}
	a.judge(sp)
}

// judge has a split paused that is ahead, and resumed where it is not any more.
func (a *alignment) judge(sp *split) {
	ahead := sp.mark.Max > a.limit && !sp.drained && a.pauser != nil
	if ahead == sp.ahead {
		return
	}
	sp.ahead = ahead
	if ahead {
		a.ahead++
	} else {
		a.ahead--
	}
	a.change = append(a.change, sp)
}

// front returns how far the source has come, and whether others are to wait for it: not
// where nothing comes of it.
func (a *alignment) front() (front record.Time, counts bool) {
	counts = !a.fronts.Ended() && !a.fronts.Idle()
	if a.pauser == nil {
		return a.latest, counts
	}
	return a.fronts.Out(), counts
}

// isNews reports whether the front is another than the master knows, by a good part of the
// distance that is allowed.
func (a *alignment) isNews(front record.Time, counts bool) bool {
	return !a.isTold || counts != a.counted || counts && front > a.told && front >= a.told.Add(a.within/8)
}

// tellFront tells the master how far the source has come.
func (s *source) tellFront() {
	a := s.align
	if a == nil || !s.discovered {
		return
	}
	front, counts := a.front()
	if counts = counts && !s.draining; a.isNews(front, counts) {
		a.told, a.counted, a.isTold = front, counts, true
		s.chain.report(Fronted{Source: s.node.step.ID, Subtask: s.node.subtask, Front: front, Counts: counts})
	}
}

// alignTo takes in a limit.
func (s *source) alignTo(limit record.Time) {
	a := s.align
	a.limit = limit
	before := len(a.change)
	for _, each := range s.splits {
		a.judge(each)
	}
	if len(a.change) > before {
		s.interruptFetch()
	}
}

// isHeldBack reports whether nothing is to be read as others are behind. What a drained
// reader has left is read in any case.
func (s *source) isHeldBack() bool {
	a := s.align
	switch {
	case a == nil || s.draining:
		return false
	case a.pauser == nil:
		return a.latest > a.limit
	}
	return a.ahead >= s.left
}

// pause pauses and resumes splits of the reader, between two fetches. A split that is paused
// does not become idle; when it is resumed, its clock starts again.
func (s *source) pause() {
	a := s.align
	if a == nil || len(a.change) == 0 {
		return
	}
	for _, sp := range a.change {
		hold := sp.ahead && !s.draining
		switch {
		case hold == sp.paused || sp.drained:
		case hold:
			sp.wasQuiet = sp.quiet
			s.quiet.remove(sp)
			a.pauser.Pause(sp.id)
		default:
			a.pauser.Resume(sp.id)
		}
		if sp.paused = hold; !hold && sp.wasQuiet {
			sp.wasQuiet = false
			s.caughtUp(sp)
		}
	}
	a.change = a.change[:0]
}
