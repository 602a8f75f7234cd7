package optest

import (
	"fmt"

	"github.com/weirstream/weir/runtime/record"
)

// settle has the subtasks go on until nothing is pending, whatever the clock says, and
// checks that they have told what the inputs did.
func (r *run) settle() error {
	for range mostCalls {
		if err := r.resume(); err != nil {
			return err
		}
		if r.remindsNow() {
			if err := r.remind(); err != nil {
				return err
			}
		}
		if rang, err := r.ring(); err != nil {
			return err
		} else if !rang {
			return r.check()
		}
	}
	return fmt.Errorf("at %v the deadline stays %v", r.time(), r.subtasks[0].deadline())
}

// resume calls Resume until nothing is pending, with checkpoints and restores
// before, between and behind. No operator needs more calls than it tries.
func (r *run) resume() error {
	calls := min(1000+100*int(r.fed), mostCalls)
	for range calls {
		if busy, err := r.round(); !busy || err != nil {
			return err
		}
	}
	return stuck(calls, r.held())
}

// round takes a checkpoint and calls Resume of each subtask once.
func (r *run) round() (busy bool, err error) {
	if err := r.snapshot(); err != nil {
		return false, err
	}
	for _, s := range r.subtasks {
		pending, err := s.resume()
		if err != nil {
			return false, err
		}
		busy = busy || pending
	}
	return busy, nil
}

// ring tells subtasks of the time, if they want to be told by now.
func (r *run) ring() (rang bool, err error) {
	for _, s := range r.subtasks {
		this, err := s.ring()
		if err != nil {
			return false, err
		}
		rang = rang || this
	}
	return rang, nil
}

// check holds the subtasks to having told what the inputs have come to.
func (r *run) check() error {
	mark := r.delayed(r.progress.Combined())
	for i, s := range r.subtasks {
		if err := s.check(mark); err != nil {
			return fmt.Errorf("subtask %d %w", i, err)
		}
	}
	return nil
}

// delayed returns the watermark of an operator whose inputs have come to mark.
func (r *run) delayed(mark record.Time) record.Time {
	if mark == record.MaxTime || mark == record.MinTime {
		return mark
	}
	return mark.Add(-r.c.Delay)
}
