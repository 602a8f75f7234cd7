package optest

import (
	"errors"
	"fmt"
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/stream"
	"github.com/weirstream/weir/state"
)

// A subtask is one instance of the operator, and its emitter.
type subtask struct {
	run      *run
	operator stream.Operator
	backend  *state.Backend
	counters *stream.Counters
	progress *stream.Progress
	chain    []state.Object // objects of its latest checkpoint
	// untold says of which inputs sources have not told again yet, since a restore, what
	// they had told before.
	untold    []bool
	inherited record.Time // the watermark that those had emitted which it was restored from
	watermark record.Time
	reached   record.Time // the watermark that it or those before it have emitted
	rest      stream.Kind // KindIdle or KindEnd, if that was emitted last
	emitted   int         // changes on Main in this call
	asked     int
	wrong     error // what an emission was wrong about
}

func (r *run) open(index, parallelism int, backend *state.Backend, counters stream.CounterValues) (*subtask, error) {
	s := &subtask{run: r, backend: backend, counters: new(stream.Counters), progress: stream.NewProgress(len(r.c.Inputs)),
		untold: make([]bool, len(r.c.Inputs)), watermark: record.MinTime, reached: record.MinTime, inherited: record.MinTime}
	s.counters.Restore(counters)
	var err error
	s.operator, err = r.c.New(stream.OperatorContext{
		Step: "step", Subtask: index, Parallelism: parallelism, Inputs: r.c.contexts(), Progress: s.progress,
		Now: r.time, Pool: r.pool, State: backend, Budget: r.way.budget, Counters: s.counters, Rejects: &stream.Rejects{},
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// time is what the clock says.
func (r *run) time() time.Time { return time.UnixMicro(int64(r.now)).UTC() }

// call makes one call of the operator, which takes in so many rows, and checks what
// holds after each.
func (s *subtask) call(rows int, f func() error) error {
	s.emitted = 0
	if err := errors.Join(f(), s.wrong); err != nil {
		return err
	}
	most := s.run.way.budget
	if s.run.c.AtOnce {
		most = max(most, rows)
	}
	if s.emitted > most {
		return fmt.Errorf("%d rows or updates left in one call; the budget is %d", s.emitted, most)
	}
	if c := s.counters.Values(); c.In != c.Sum() {
		return fmt.Errorf("counters do not add up: %+v", c)
	}
	return nil
}

// take has the operator take in what is no batch, as the engine does.
func (s *subtask) take(in stream.InputID, e stream.Element) error {
	return s.call(0, func() error {
		if s.progress.Take(in, e) {
			s.Emit(stream.Main, stream.WatermarkOf(s.progress.Told()))
		}
		return s.operator.Step(in, e, s)
	})
}

// resume calls Resume once.
func (s *subtask) resume() (pending bool, err error) {
	err = s.call(0, func() error {
		var err error
		pending, err = s.operator.Resume(s)
		return err
	})
	return pending, err
}

// interleaves reports whether the operator takes in rows now, though its output may be
// pending.
func (s *subtask) interleaves() bool {
	i, ok := s.operator.(stream.Interleaver)
	return ok && i.Interleaves()
}

// holdsRows reports whether a checkpoint must wait for the operator.
func (s *subtask) holdsRows() bool {
	h, ok := s.operator.(stream.Holder)
	return ok && h.HoldsRows()
}

// deadline returns when the operator wants to be told of the time.
func (s *subtask) deadline() time.Time {
	if c, ok := s.operator.(stream.Clocked); ok {
		return c.Deadline()
	}
	return time.Time{}
}

// ring tells the operator of the time, if it wants to be told by now.
func (s *subtask) ring() (rang bool, err error) {
	at, now := s.deadline(), s.run.time()
	if at.IsZero() || now.Before(at) {
		return false, nil
	}
	return true, s.call(0, func() error {
		return s.operator.(stream.Clocked).Control(stream.Control{Kind: stream.ClockReached, Now: now}, s)
	})
}

// check holds the subtask to having told what its inputs have come to. If it was restored,
// that may be less than mark, where all inputs have come to that it has not heard of.
func (s *subtask) check(mark record.Time) error {
	rest := restOf(s.progress)
	heard := max(s.inherited, s.run.delayed(s.progress.Combined()))
	switch {
	case s.rest == stream.KindIdle && rest == 0:
		return errors.New("ended Idle, and nothing of it was passed on")
	case s.rest != rest:
		return fmt.Errorf("has not passed it on; the operator holds %s", held(s.operator))
	case s.reached < heard || s.reached > max(heard, mark):
		return fmt.Errorf("has come to the watermark %v, not %v; the operator holds %s", s.reached, heard, s.run.held())
	}
	return nil
}

// restOf returns Idle or End where all inputs are.
func restOf(p *stream.Progress) stream.Kind {
	switch {
	case p.Ended():
		return stream.KindEnd
	case p.Idle():
		return stream.KindIdle
	}
	return 0
}

// isEmpty checks that nothing is left at the end of input.
func (s *subtask) isEmpty() error {
	if n := s.backend.Rows(); n > 0 && !s.run.c.Keeps {
		return fmt.Errorf("%d rows are left in the state's tables at the end", n)
	}
	return nil
}
