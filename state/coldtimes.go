package state

import (
	"cmp"

	"github.com/weirstream/weir/state/runs"
)

// timeRuns makes runs of times of the rows that there are, which were not due before.
func (t *Table) timeRuns() {
	c, due := t.cold, dueTimeOf(t.spec)
	if due == nil {
		return
	}
	t.landAll()
	for len(c.merges) > 0 {
		for _, m := range c.merges {
			_, err := m.finish()
			t.fail(err)
		}
		t.fail(c.endMerges())
	}
	c.due = due
	for _, r := range c.runs {
		var err error
		r.times, err = c.timesOf(r)
		t.fail(err)
	}
}

// timesOf returns runs of the times of a run.
func (c *cold) timesOf(r *coldRun) (times chain, err error) {
	sorter := c.newSorter(int(r.run.Meta.Entries()))
	rows := r.rows(nil)
	for err == nil && rows.Next() {
		if !rows.Deleted() {
			err = sorter.put(rows.Key(), rows.Value())
		}
	}
	if err = cmp.Or(err, rows.Err()); err == nil {
		times, err = sorter.finish(mostPieces)
	}
	if err != nil {
		sorter.drop()
	}
	return times, err
}

// timesOfAll returns what makes the run of times of several runs that become one: of the runs of
// times that there are or, where too many of their rows have got other times since, of the rows.
func (c *cold) timesOfAll(inputs chain) timeSorter {
	var times chain
	var entries, rows uint64
	for _, r := range inputs {
		rows += r.run.Meta.Entries() - r.run.Meta.Tombstones()
		for _, piece := range r.times {
			times, entries = append(times, piece), entries+piece.run.Meta.Entries()
		}
	}
	if entries > rows+rows/2 {
		return c.newSorter(int(rows))
	}
	return timeSorter{tier: c.tier, pool: c.pool, pieces: times.retain()}
}

// rowWriter is what rows of a table are written to: a run, or an object of a checkpoint.
type rowWriter interface {
	DropBuckets(until int64) error
	Put(key, value []byte) error
	Delete(key []byte) error
}

// chunkWriter is a [rowWriter] that takes chunks of runs that are merged as they are, where
// these do not overlap.
type chunkWriter interface {
	TakeChunk(from *runs.Merged, tombstones bool) (bool, error)
}

// timedWriter writes a run, and sorts the times of its rows, which it has to see one by one.
type timedWriter struct {
	rowWriter
	times *timeSorter
}

// Put adds a row.
func (w *timedWriter) Put(key, value []byte) error {
	if err := w.rowWriter.Put(key, value); err != nil {
		return err
	}
	return w.times.put(key, value)
}
