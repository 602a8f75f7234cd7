package task

import (
	"time"

	"github.com/weirstream/weir/runtime/graph"
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/watermark"
)

// split is where a source stands in one split.
type split struct {
	id       stream.SplitID
	place    int // in the source's splits
	position stream.Position
	notes    []byte
	mark     watermark.Split
	takes    graph.Range // of event time; rows outside are skipped
	member   int         // of the combiner
	waiting  int         // fetches in ready that have rows of it
	drained  bool        // the reader has returned all of it
	finished bool        // all of it has been sent on
	idle     bool
	front    int         // of the alignment
	ahead    bool        // of others, by too much
	paused   bool        // in the reader
	seen     *shownSplit // what others see of it

	// Of quietSplits: whether it is one, since when, as listened counts, and who is next to it.
	quiet          bool
	wasQuiet       bool // when it was paused
	since          time.Duration
	before, behind *split
}

// rangeOf returns the part of event time that the job takes of a split.
func (s *source) rangeOf(id stream.SplitID) graph.Range {
	r := graph.Range{From: record.MinTime, Until: record.MaxTime}
	if s.ranged != nil {
		r.From, r.Until = s.ranged.RangeOf(id)
	}
	if job := s.spec.EventTime.Range; job != nil {
		r.From, r.Until = max(r.From, job.From), min(r.Until, job.Until)
	}
	return r
}

// drainSplit notes that the reader has returned all of a split, or is to return no more.
func (s *source) drainSplit(sp *split) {
	if !sp.drained {
		sp.drained = true
		s.left--
		if s.align != nil {
			s.align.judge(sp)
		}
	}
}

// wake has a split count again, and has that told before its rows come.
func (s *source) wake(sp *split) {
	if sp.idle {
		sp.idle = false
		s.combiner.SetActive(sp.member)
		if s.align != nil {
			s.align.fronts.SetActive(sp.front)
		}
		s.announce(false)
	}
}

// follow brings the combined watermark up to date behind a piece of a split, of which so
// many rows were sent on. It reports whether it rose.
func (s *source) follow(sp *split, p *stream.Piece, rows int) (rose bool) {
	s.changed(sp)
	if !sp.idle {
		rose = s.combiner.Raise(sp.member, sp.mark.Watermark())
	}
	switch {
	case p.Finished:
		s.quiet.remove(sp)
		sp.finished = true
		if s.done { // else what follows may begin with its watermark
			rose = s.combiner.End(sp.member) || rose
		}
		s.chain.report(SplitFinished{Source: s.node.step.ID, Split: sp.id, Max: sp.mark.Max})
	case !p.CaughtUp || rows > 0:
		s.quiet.remove(sp)
		sp.wasQuiet = false
	}
	s.align.observe(sp)
	sp.show()
	if p.Lag != nil {
		sp.seen.lag.Store(p.Lag)
	}
	if p.CaughtUp {
		s.caughtUp(sp)
	}
	return rose
}

// announce sends on what the combiner has come to: a watermark that rose, or the
// same again where the source was idle and is not any more. The end is intake's to
// send. Until then a complete source says nothing, nor does a subtask of it that has
// no splits and would be idle: those behind it wait for all of them.
func (s *source) announce(rose bool) {
	if s.combiner.Ended() || !s.spec.EventTime.Exists() || s.spec.EventTime.Complete {
		return
	}
	idle := s.combiner.Idle()
	if rose || s.idle && !idle {
		s.idle = false
		s.node.Emit(stream.Main, stream.WatermarkOf(s.combiner.Out()))
	}
	if idle && !s.idle {
		s.idle = true
		s.node.Emit(stream.Main, stream.Idle)
	}
}
