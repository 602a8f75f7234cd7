package master

import (
	"time"

	"github.com/weirstream/weir/runtime/record"
	"github.com/weirstream/weir/runtime/task"
)

// This file holds sources back that run ahead of others (align_within). Subtasks say how far
// they have come; the least of these fronts decides how far each may go.

// front is how far a subtask of a source has come.
type front struct {
	at     record.Time
	known  bool
	counts bool        // others are to wait for it
	limit  record.Time // that it was told last
	told   bool
}

// within returns how far the source may be ahead; 0 is any.
func (e *enumeration) within() time.Duration { return e.step.Source.EventTime.AlignWithin }

// advanced takes in how far a subtask has come. Until all have said it, none is told
// anything: they wait.
func (m *master) advanced(f task.Fronted) {
	at := &m.source(f.Source).fronts[f.Subtask]
	at.at, at.known, at.counts = f.Front, true, f.Counts
	least, known := m.leastFront()
	if !known {
		return
	}
	for _, e := range m.sources {
		if e.within() == 0 {
			continue
		}
		limit := least
		if least < record.MaxTime {
			limit = least.Add(e.within())
		}
		for i := range e.fronts {
			if to := &e.fronts[i]; !to.told || to.limit != limit {
				to.told, to.limit = true, limit
				e.chains[i].Post(task.Align{Limit: limit})
			}
		}
	}
}

// leastFront returns the least front of those that count, MaxTime where none does. known says
// that all have said theirs.
func (m *master) leastFront() (least record.Time, known bool) {
	least = record.MaxTime
	for _, e := range m.sources {
		for i := range e.fronts {
			f := &e.fronts[i]
			switch {
			case e.within() == 0:
			case !f.known:
				return least, false
			case f.counts:
				least = min(least, f.at)
			}
		}
	}
	return least, true
}
