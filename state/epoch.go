package state

import "slices"

// epochs numbers the times between freezes, from 1. A change belongs to the
// epoch it is made in; Freeze ends an epoch.
type epochs struct {
	now    uint64
	frozen []*Frozen // those not known to be released
}

// holdPage reports whether a Frozen that is still in use holds the words of a
// page whose last change was in an epoch.
func (e *epochs) holdPage(changed uint64) bool {
	for _, f := range e.frozen {
		if f.since < changed && changed <= f.until && !f.released.Load() {
			return true
		}
	}
	return false
}

// holdArray reports whether a Frozen that is still in use may hold memory that
// was made in an epoch and has only been appended to since.
func (e *epochs) holdArray(made uint64) bool {
	for _, f := range e.frozen {
		if made <= f.until && !f.released.Load() {
			return true
		}
	}
	return false
}

// end begins the next epoch, with f holding pages of the one that ends.
func (e *epochs) end(f *Frozen) {
	e.frozen = slices.DeleteFunc(e.frozen, func(f *Frozen) bool { return f.released.Load() })
	e.frozen = append(e.frozen, f)
	e.now++
}
