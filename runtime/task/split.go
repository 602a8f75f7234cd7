package task

import (
	"cmp"
	"slices"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/runtime/watermark"
)

// split is where a source stands in one split.
type split struct {
	id       stream.SplitID
	position stream.Position
	notes    []byte
	mark     watermark.Split
	member   int  // of the combiner
	waiting  int  // batches of it in ready
	drained  bool // the reader has returned all of it
	finished bool // all of it has been sent on
	idle     bool
	// caughtUp is since when it has been, without a break; zero: it is not. Time
	// during which nothing was fetched is left out: nobody can tell then whether
	// the split would have had rows.
	caughtUp time.Time
	seen     *shownSplit // what others see of it
}

// SplitState is a split as checkpoints keep it: where its reading goes on.
type SplitState struct {
	ID       stream.SplitID  `json:"id"`
	Position stream.Position `json:"position,omitempty"`
	Notes    []byte          `json:"notes,omitempty"`
	Max      record.Time     `json:"max_event_time"`
	Finished bool            `json:"finished,omitempty"`
	Idle     bool            `json:"idle,omitempty"`
}

// FreshSplit is a split of which nothing has been read.
func FreshSplit(s stream.Split) SplitState {
	return SplitState{ID: s.ID, Position: s.Position, Notes: s.Notes, Max: record.MinTime}
}

// metas returns the splits as a checkpoint is to keep them.
func (s *source) metas() []SplitState {
	metas := make([]SplitState, len(s.splits))
	for i, sp := range s.splits {
		metas[i] = SplitState{ID: sp.id, Position: sp.position, Notes: sp.notes, Max: sp.mark.Max, Finished: sp.finished, Idle: sp.idle}
	}
	slices.SortFunc(metas, func(a, b SplitState) int { return cmp.Compare(a.ID, b.ID) })
	return metas
}

// wake has a split count again, and has that told before its rows come.
func (s *source) wake(sp *split) {
	if sp.idle {
		sp.idle = false
		s.combiner.SetActive(sp.member)
		s.announce(false)
	}
}

// follow brings the combined watermark up to date behind a fetch of a split.
func (s *source) follow(sp *split, f stream.Fetched) {
	rose := false
	if !sp.idle {
		rose = s.combiner.Raise(sp.member, sp.mark.Watermark())
	}
	switch {
	case f.Finished:
		sp.finished = true
		rose = s.combiner.End(sp.member) || rose
		s.chain.report(SplitFinished{Source: s.node.step.ID, Split: sp.id})
	case !f.CaughtUp || f.Batch != nil:
		sp.caughtUp = time.Time{}
	}
	sp.show()
	if f.CaughtUp && sp.caughtUp.IsZero() {
		sp.caughtUp = s.chain.host.Now()
	}
	s.announce(rose)
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
