package task

import "time"

// This file decides when a split is idle: caught up, without a break, for
// idle_after, in time during which its reader could have delivered.

// noticeIdle leaves out the splits that have been caught up for idle_after.
func (s *source) noticeIdle() (worked bool) {
	if s.spec.EventTime.IdleAfter == 0 {
		return false
	}
	now := s.chain.host.Now()
	for _, sp := range s.splits {
		if due := s.idleAt(sp); !due.IsZero() && !due.After(now) {
			sp.idle = true
			s.announce(s.combiner.SetIdle(sp.member))
			worked = true
		}
	}
	return worked
}

// idleAt returns when a split will have been caught up for idle_after; zero: not
// as long as nothing happens.
func (s *source) idleAt(sp *split) time.Time {
	if !s.fetching || sp.idle || sp.finished || sp.waiting > 0 || sp.caughtUp.IsZero() {
		return time.Time{}
	}
	return sp.caughtUp.Add(s.spec.EventTime.IdleAfter)
}

// delayIdleClocks leaves out a time during which nothing was fetched.
func (s *source) delayIdleClocks(d time.Duration) {
	for _, sp := range s.splits {
		if !sp.caughtUp.IsZero() {
			sp.caughtUp = sp.caughtUp.Add(d)
		}
	}
}

// deadline returns when the next split becomes idle if nothing comes. A source
// that waits for its consumers is woken by them.
func (s *source) deadline() time.Time {
	var earliest time.Time
	if s.spec.EventTime.IdleAfter == 0 || s.stopped || s.held || s.node.ended || s.node.Full() {
		return earliest
	}
	for _, sp := range s.splits {
		if due := s.idleAt(sp); !due.IsZero() && (earliest.IsZero() || due.Before(earliest)) {
			earliest = due
		}
	}
	return earliest
}
