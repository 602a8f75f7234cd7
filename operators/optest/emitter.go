package optest

import (
	"errors"
	"fmt"

	"github.com/weirstream/weir/runtime/stream"
)

// call makes one call of the operator and checks what holds after each.
func (s *subtask) call(f func() error) error {
	s.emitted = 0
	if err := errors.Join(f(), s.wrong); err != nil {
		return err
	}
	if s.emitted > s.run.way.budget {
		return fmt.Errorf("%d rows left in one call; the budget is %d", s.emitted, s.run.way.budget)
	}
	if c := s.counters.Values(); c.In != c.Accepted+c.Late+c.Dropped+c.DeadLetters {
		return fmt.Errorf("counters do not add up: %+v", c)
	}
	return nil
}

// Emit records what the operator puts out.
func (s *subtask) Emit(output stream.OutputID, e stream.Element) {
	if log := s.run.log; log != nil {
		log(output, e)
	}
	switch e.Kind {
	case stream.KindBatch:
		s.record(output, e)
	case stream.KindWatermark:
		if e.Time <= s.watermark {
			s.wrong = fmt.Errorf("watermark %v was emitted after %v", e.Time, s.watermark)
		}
		s.watermark = e.Time
	}
}

func (s *subtask) record(output stream.OutputID, e stream.Element) {
	lines := Draw(e.Batch)
	if e.Batch.EventTime == nil || e.Batch.EventTime.Len() != e.Batch.Physical() {
		s.wrong = errors.New("a batch was emitted without an event time per row")
	}
	e.Release()
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

// Full says yes at every other question if the way wants it.
func (s *subtask) Full() bool {
	s.asked++
	return s.run.way.stingy && s.asked%2 == 0
}
