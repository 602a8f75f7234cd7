package optest

import (
	"errors"
	"fmt"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/record/recordtest"
	"github.com/weirstream/weir/runtime/stream"
)

// Emit records what the operator puts out.
func (s *subtask) Emit(output stream.Output, e stream.Element) {
	if e.Kind == stream.KindWatermark && e.Time < s.watermark {
		s.fail(fmt.Errorf("watermark %v was emitted after %v", e.Time, s.watermark))
	}
	if e.Kind != stream.KindBatch && !s.progress.Tell(e) {
		return
	}
	if log := s.run.log; log != nil {
		log(output, e)
	}
	switch e.Kind {
	case stream.KindBatch:
		if s.rest == stream.KindIdle {
			s.fail(errors.New("rows were emitted behind Idle, with no watermark in between"))
		}
		s.record(output, e.Batch)
		e.Release()
	case stream.KindWatermark:
		s.watermark, s.reached, s.rest = e.Time, max(s.reached, e.Time), 0
	default:
		s.rest = e.Kind
	}
}

// fail notes what an emission is wrong about, if it is the first.
func (s *subtask) fail(err error) {
	if s.wrong == nil {
		s.wrong = err
	}
}

func (s *subtask) record(output stream.Output, b *record.Batch) {
	if err := errors.Join(recordtest.CheckBatch(b), s.checkTimes(output, b)); err != nil {
		s.fail(err)
		return
	}
	r := s.run
	r.sent[output] += int64(b.Len())
	switch {
	case output == stream.Main && r.result != nil:
		n, err := r.result.apply(b)
		if err != nil {
			s.fail(err)
		}
		s.emitted += n
		return
	case b.RowKinds != nil:
		s.fail(errors.New("a batch has row kinds on an output that is no changelog"))
	case output == stream.Main:
		s.emitted += b.Len()
	}
	r.output.Rows[output] = append(r.output.Rows[output], r.draw(output, b)...)
}

// draw draws rows as the case says.
func (r *run) draw(output stream.Output, b *record.Batch) []string {
	lines := Draw(b)
	if output != stream.Main || !r.c.Times {
		return lines
	}
	d := b.Retain().Dense()
	defer d.Release()
	for i := range lines {
		lines[i] += " @" + Text(d.EventTime, i)
		if d.RowWatermark != nil && d.EventTime.Int64s()[i] < d.RowWatermark.Int64s()[i] {
			lines[i] += " behind " + Text(d.RowWatermark, i)
		}
	}
	return lines
}

// checkTimes holds a batch against the watermark that went before it: an operator
// downstream must not find a result late, unless the row that it comes from was, or an
// input woke that is behind the others.
func (s *subtask) checkTimes(output stream.Output, b *record.Batch) error {
	if b.EventTime == nil || b.EventTime.Len() != b.Physical() {
		return errors.New("a batch was emitted without an event time per row")
	}
	if output != stream.Main {
		return nil
	}
	d := b.Retain().Dense()
	defer d.Release()
	mark := min(s.watermark, s.run.least())
	for i, t := range d.EventTime.Int64s() {
		if record.Time(t) < mark && (d.RowWatermark == nil || t >= d.RowWatermark.Int64s()[i]) {
			return fmt.Errorf("a row of %v was emitted behind the watermark %v", record.Time(t), mark)
		}
	}
	return nil
}

// Full says yes at every other question if the way wants it.
func (s *subtask) Full() bool {
	s.asked++
	return s.run.way.stingy && s.asked%2 == 0
}
