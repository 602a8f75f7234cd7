package checkpoint

import "fmt"

// passOver returns the part of the log that counts, and the damage to it.
//
// A file that is named like a slot, cannot be read and stands behind a gap is no
// slot, unless something was lost: numbers are consecutive. Had the gap's slots
// been there, something would tell of what they decided (evidence.go). Where
// nothing does, such files are passed over; the log goes on before them, and the
// user is told.
func (o *Owner) passOver(h *history, last *slot, above []unreadable, damage *DamagedError) (*history, *DamagedError) {
	o.Warnings = nil
	for _, name := range h.odd {
		o.warnf("%s is no name of a slot; it is left alone", name)
	}
	if below := h.below(last.Number); below > 0 && below+1 < last.Number {
		o.warnf("%w; the log goes on with %s all the same", missing(below+1, last.Number-1), slotName(last.Number))
	}
	end := last.Number
	for _, u := range above {
		if u.number == end+1 {
			end++
		}
	}
	switch {
	case end > last.Number:
		// Those right behind the last slot explain what tells of decisions there.
		damage = &DamagedError{sinks: damage.sinks, first: damage.first, last: damage.last}
	case damage.damaged():
		return h, damage // they may be what is left of what was lost
	}
	for _, u := range above {
		if u.number > end {
			o.Warnings = append(o.Warnings, u.stray())
		}
	}
	return h.cut(end), damage
}

// stray is the warning of a slot that is none.
func (u unreadable) stray() error {
	return fmt.Errorf("checkpoints: %s stands behind a gap in the log and is no slot; it is passed over, move it away if it is none of this job's: %w",
		slotName(u.number), u.err)
}

func (o *Owner) warnf(format string, args ...any) {
	o.Warnings = append(o.Warnings, fmt.Errorf("checkpoints: "+format, args...))
}
