package task

import (
	"context"
	"fmt"
	"time"

	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/runtime/stream"
)

// This file tells readers of the checkpoints that were decided.

// acknowledgeWithin is how long a reader may take for it.
const acknowledgeWithin = 30 * time.Second

// standing is where the splits were in a decided checkpoint.
type standing struct {
	id     stream.CheckpointID
	blocks []*block
}

// Acknowledges reports whether the source at the chain's head is told of checkpoints.
func (c *Chain) Acknowledges() bool { return c.source != nil && c.source.acknowledger != nil }

// standsAt notes that a checkpoint is decided.
func (s *source) standsAt(at standing) {
	if s.acknowledger != nil {
		s.toTell = append(s.toTell, at)
		s.tell()
	}
}

// tell tells the reader of the checkpoints that it was not told of, in the background. They
// are one to it, the last; those before it may have splits that it does without.
func (s *source) tell() {
	if s.telling || len(s.toTell) == 0 {
		return
	}
	all := s.toTell
	s.telling, s.toTell = true, nil
	s.chain.host.Background("acknowledge "+s.node.name(), func(ctx context.Context) func() {
		ctx, cancel := context.WithTimeout(ctx, acknowledgeWithin)
		defer cancel()
		id := all[len(all)-1].id
		err := s.acknowledger.Acknowledge(ctx, id, together(all))
		return func() { s.chain.mail.Post(acknowledged{id, err}) }
	})
}

// together returns where each split goes on, by the last checkpoint that has it.
func together(all []standing) (splits []stream.Split) {
	last := map[stream.SplitID]int{}
	for _, at := range all {
		for _, b := range at.blocks {
			for i := range b.splits {
				s := &b.splits[i]
				n, ok := last[s.ID]
				if !ok {
					n = len(splits)
					last[s.ID] = n
					splits = append(splits, stream.Split{})
				}
				splits[n] = stream.Split{ID: s.ID, Position: s.Position, Notes: s.Notes}
			}
		}
	}
	return splits
}

// acknowledged takes note that the reader was told.
func (s *source) acknowledged(m acknowledged) {
	s.telling = false
	told := Told{Source: s.node.step.ID, Subtask: s.node.subtask, ID: m.id}
	if m.err != nil {
		told.Err = failure.At(failure.Place{Step: s.node.step.ID, Checkpoint: uint64(m.id)},
			fmt.Errorf("source %q: acknowledge checkpoint %d: %w", s.node.step.ID, m.id, m.err))
	}
	s.chain.report(told)
	s.tell()
}
