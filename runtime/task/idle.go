package task

import "time"

// This file decides when a split is idle: caught up, without a break, for
// idle_after, in time during which its reader could have delivered.

// quietSplits are the splits of a source that are caught up and not idle yet, in the
// order in which they caught up.
type quietSplits struct{ first, last *split }

func (q *quietSplits) add(sp *split) {
	sp.quiet, sp.before, sp.behind = true, q.last, nil
	if q.last == nil {
		q.first = sp
	} else {
		q.last.behind = sp
	}
	q.last = sp
}

func (q *quietSplits) remove(sp *split) {
	if !sp.quiet {
		return
	}
	if sp.before == nil {
		q.first = sp.behind
	} else {
		sp.before.behind = sp.behind
	}
	if sp.behind == nil {
		q.last = sp.before
	} else {
		sp.behind.before = sp.before
	}
	sp.quiet, sp.before, sp.behind = false, nil, nil
}

// listened returns for how long fetches of this run have been under way, all
// together. The rest of the time is left out: nobody can tell then whether a split
// would have had rows.
func (s *source) listened() time.Duration {
	if !s.fetching {
		return s.heard
	}
	return s.heard + s.chain.host.Now().Sub(s.began)
}

// listen notes that a fetch begins or ends.
func (s *source) listen(fetching bool) {
	if s.spec.EventTime.IdleAfter > 0 {
		s.heard, s.began = s.listened(), s.chain.host.Now()
	}
	s.fetching = fetching
}

// caughtUp notes that a split has no more rows just now.
func (s *source) caughtUp(sp *split) {
	if sp.paused {
		sp.wasQuiet = true
		return
	}
	if s.spec.EventTime.IdleAfter > 0 && !sp.quiet && !sp.idle && !sp.finished {
		sp.since = s.listened()
		s.quiet.add(sp)
	}
}

// noticeIdle leaves out the splits that have been caught up for idle_after.
func (s *source) noticeIdle() (worked bool) {
	if !s.fetching || s.quiet.first == nil {
		return false
	}
	until := s.listened() - s.spec.EventTime.IdleAfter
	for sp := s.quiet.first; sp != nil && sp.since <= until; {
		next := sp.behind
		if sp.waiting == 0 {
			s.quiet.remove(sp)
			sp.idle = true
			s.changed(sp)
			if s.align != nil {
				s.align.fronts.SetIdle(sp.front)
			}
			s.announce(s.combiner.SetIdle(sp.member))
			worked = true
		}
		sp = next
	}
	if worked {
		s.tellFront()
	}
	return worked
}

// deadline returns when the next split becomes idle if nothing comes. A source
// that waits for its consumers is woken by them.
func (s *source) deadline() time.Time {
	if !s.fetching || s.stopped || s.held || s.node.ended || s.node.Full() {
		return time.Time{}
	}
	sp := s.quiet.first
	for sp != nil && sp.waiting > 0 {
		sp = sp.behind
	}
	if sp == nil {
		return time.Time{}
	}
	return s.began.Add(sp.since + s.spec.EventTime.IdleAfter - s.heard)
}
