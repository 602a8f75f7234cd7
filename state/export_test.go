package state

import "testing"

// SetEncoding has a pass take, and an object handed on, about so many bytes at a time
// until the test ends.
func SetEncoding(t testing.TB, pass, piece int) {
	pass, passBytes = passBytes, pass
	piece, pieceBytes = pieceBytes, piece
	t.Cleanup(func() { passBytes, pieceBytes = pass, piece })
}

// SetGraves has a small table hold so many bytes of keys that are gone until the test ends.
func SetGraves(t testing.TB, n int) {
	n, minGraves = minGraves, n
	t.Cleanup(func() { minGraves = n })
}

// SetTombstones has a table with a tier keep so many tombstones in any case until the test ends.
func SetTombstones(t testing.TB, n uint64) {
	n, fewTombstones = fewTombstones, n
	t.Cleanup(func() { fewTombstones = n })
}

// SetCounted has a restore count at most so many entries one by one until the test ends.
func SetCounted(t testing.TB, n uint64) {
	n, countedRows = countedRows, n
	t.Cleanup(func() { countedRows = n })
}

// TierEntries returns how many entries the runs of a table have, those that say that a row is
// gone included.
func (t *Table) TierEntries() (n uint64) {
	for _, r := range t.cold.runs {
		n += r.run.Meta.Entries()
	}
	return n
}

// SetStep has a call move so many rows that are due, at least, until the test ends.
func SetStep(t testing.TB, n int) {
	n, step = step, n
	t.Cleanup(func() { step = n })
}

// TimeEntries returns how many entries the runs of times of a table have.
func (t *Table) TimeEntries() (n uint64) {
	for _, r := range t.cold.runs {
		for _, piece := range r.times {
			n += piece.run.Meta.Entries()
		}
	}
	return n
}

// SetTimes has so many bytes of keys be sorted by time at once until the test ends.
func SetTimes(t testing.TB, n int) {
	n, timesBytes = timesBytes, n
	t.Cleanup(func() { timesBytes = n })
}

// Waiting returns how many rows of a table have no place in order yet.
func (t *Table) Waiting() int { return t.order.waiting.count }
