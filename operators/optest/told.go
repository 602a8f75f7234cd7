package optest

import (
	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
)

// told is what an input has told last, which is told again after a restore.
type told struct {
	mark        record.Time // the last one but MaxTime
	idle        bool
	last, ended bool // behind the watermark MaxTime, and the end
	alone       bool // there is no other input
}

func (t *told) take(e stream.Element) {
	switch {
	case e.Kind == stream.KindIdle:
		t.idle = true
	case e.Kind == stream.KindEnd:
		t.ended = true
	case e.Time == record.MaxTime:
		t.last, t.idle = true, t.idle && !t.alone // as [stream.Progress.Take] has it
	default:
		t.mark, t.idle = max(t.mark, e.Time), false
	}
}

func (t *told) elements() (elements []stream.Element) {
	if t.mark > record.MinTime && !(t.last && t.alone) {
		elements = append(elements, stream.WatermarkOf(t.mark))
	}
	if t.idle {
		elements = append(elements, stream.Idle)
	}
	if t.last {
		elements = append(elements, stream.WatermarkOf(record.MaxTime))
	}
	if t.ended {
		elements = append(elements, stream.End)
	}
	return elements
}

// remind tells subtasks that were restored what all inputs had told, if some have not
// told it yet.
func (r *run) remind() error {
	for _, in := range r.random.Perm(len(r.c.Inputs)) {
		if err := r.remindOf(stream.InputID(in)); err != nil {
			return err
		}
	}
	return nil
}

// remindsNow reports whether all inputs tell at once what they had told before a restore.
// Rows may come before: an input is several edges, of which each tells in its own time.
func (r *run) remindsNow() bool { return r.way.restore == 0 || r.random.IntN(2) == 0 }

// remindOf tells subtasks that were restored what one input had told, which
// it tells again before it tells more.
func (r *run) remindOf(in stream.InputID) error {
	for _, s := range r.subtasks {
		if !s.untold[in] {
			continue
		}
		s.untold[in] = false
		for _, e := range r.told[in].elements() {
			if err := s.hear(in, e); err != nil {
				return err
			}
		}
	}
	return nil
}

// hear has the operator take in what is no batch; what is pending leaves before and behind it.
func (s *subtask) hear(in stream.InputID, e stream.Element) error {
	if err := s.drain(); err != nil {
		return err
	}
	if err := s.take(in, e); err != nil {
		return err
	}
	return s.drain()
}

// drain calls Resume, without a checkpoint, until nothing is pending.
func (s *subtask) drain() error {
	for range mostCalls {
		if pending, err := s.resume(); !pending || err != nil {
			return err
		}
	}
	return stuck(mostCalls, held(s.operator))
}

// least returns the least watermark of the inputs that are not over, idle ones
// included.
func (r *run) least() record.Time {
	least := record.MaxTime
	for _, t := range r.told {
		if !t.last {
			least = min(least, t.mark)
		}
	}
	return least
}
