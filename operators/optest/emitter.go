package optest

import (
	"errors"
	"fmt"
	"slices"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/recordtest"
	"github.com/weirstream/weir/runtime/stream"
)

// call makes one call of the operator, which takes in so many rows, and checks what
// holds after each.
func (s *subtask) call(rows int, f func() error) error {
	s.emitted, s.passed = 0, 0
	if err := errors.Join(f(), s.wrong); err != nil {
		return err
	}
	most := s.run.way.budget
	if s.run.c.AtOnce {
		most = max(most, rows)
	}
	if s.emitted > most {
		return fmt.Errorf("%d rows left in one call; the budget is %d", s.emitted, most)
	}
	if c := s.counters.Values(); c.In != c.Sum() {
		return fmt.Errorf("counters do not add up: %+v", c)
	}
	return nil
}

// Emit records what the operator puts out.
func (s *subtask) Emit(output stream.Output, e stream.Element) {
	if e.Kind == stream.KindWatermark && e.Time < s.watermark {
		s.wrong = fmt.Errorf("watermark %v was emitted after %v", e.Time, s.watermark)
	}
	if e.Kind != stream.KindBatch && !s.progress.Tell(e) {
		return
	}
	if log := s.run.log; log != nil {
		log(output, e)
	}
	switch e.Kind {
	case stream.KindBatch:
		if s.idle {
			s.wrong = errors.New("rows were emitted behind Idle, with no watermark in between")
		}
		s.record(output, e)
	case stream.KindWatermark:
		s.watermark, s.reached, s.idle = e.Time, max(s.reached, e.Time), false
	default:
		s.idle = e.Kind == stream.KindIdle
		s.passed++
	}
}

func (s *subtask) record(output stream.Output, e stream.Element) {
	defer e.Release()
	if err := errors.Join(recordtest.CheckBatch(e.Batch), s.checkTimes(output, e.Batch)); err != nil {
		s.wrong = err
		return
	}
	lines := Draw(e.Batch)
	o := &s.run.output
	switch output {
	case stream.Main:
		s.emitted += len(lines)
		o.Main = append(o.Main, lines...)
	case stream.Late:
		o.Late = append(o.Late, lines...)
	case stream.DeadLetter:
		o.DeadLetter = append(o.DeadLetter, lines...)
	}
}

// checkTimes holds a batch against the watermark that went before it: an operator
// downstream must not find a result late.
func (s *subtask) checkTimes(output stream.Output, b *record.Batch) error {
	if b.EventTime == nil || b.EventTime.Len() != b.Physical() {
		return errors.New("a batch was emitted without an event time per row")
	}
	if output != stream.Main || b.RowWatermark != nil {
		return nil
	}
	for i, t := range b.EventTime.Int64s() {
		if record.Time(t) < s.watermark && (b.Selection() == nil || slices.Contains(b.Selection(), int32(i))) {
			return fmt.Errorf("a row of %v was emitted behind the watermark %v", record.Time(t), s.watermark)
		}
	}
	return nil
}

// Full says yes at every other question if the way wants it.
func (s *subtask) Full() bool {
	s.asked++
	return s.run.way.stingy && s.asked%2 == 0
}
