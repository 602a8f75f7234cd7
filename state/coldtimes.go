package state

import (
	"cmp"
	"slices"

	"github.com/weirstream/weir/state/keyrange"
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

// timesOf returns a run of the times of a run.
func (c *cold) timesOf(r *coldRun) (times *coldRun, err error) {
	sorter := timeSorter{tier: c.tier, of: c.due}
	rows := r.rows(nil)
	for err == nil && rows.Next() {
		if !rows.Deleted() {
			err = sorter.put(rows.Key(), rows.Value())
		}
	}
	if err = cmp.Or(err, rows.Err()); err == nil {
		times, err = sorter.finish()
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
		if r.times != nil {
			times, entries = append(times, r.times), entries+r.times.run.Meta.Entries()
		}
	}
	if entries > rows+rows/2 {
		return timeSorter{tier: c.tier, of: c.due}
	}
	return timeSorter{tier: c.tier, pieces: times.retain()}
}

// rowWriter is what rows of a table are written to: a run, or an object of a checkpoint.
type rowWriter interface {
	DropBuckets(until int64) error
	Put(key, value []byte) error
	Delete(key []byte) error
}

// timedWriter writes a run, and sorts the times of its rows.
type timedWriter struct {
	*runs.Builder
	times *timeSorter
}

// Put adds a row.
func (w *timedWriter) Put(key, value []byte) error {
	if err := w.Builder.Put(key, value); err != nil {
		return err
	}
	return w.times.put(key, value)
}

// timeSorter makes a run of times: of pieces, each as large as memory allows.
type timeSorter struct {
	tier   *Tier
	of     *dueTime
	keys   []byte
	rows   []timedKey
	pieces []*coldRun
}

type timedKey struct {
	time    int64
	at, end int
}

// timesBytes is how many bytes of keys are sorted by time at once; tests take less.
var timesBytes = 8 << 20

func (s *timeSorter) put(key, value []byte) error {
	time, ok := s.of.of(key, value)
	if !ok {
		return nil
	}
	at := len(s.keys)
	s.keys = append(s.keys, key...)
	s.rows = append(s.rows, timedKey{time, at, len(s.keys)})
	if len(s.keys) < timesBytes {
		return nil
	}
	return s.flush()
}

// flush writes a piece.
func (s *timeSorter) flush() error {
	slices.SortFunc(s.rows, func(a, b timedKey) int {
		if a.time != b.time {
			return cmp.Compare(a.time, b.time)
		}
		return a.at - b.at // they come in the order of their keys
	})
	var key []byte
	err := s.write(func(w *runs.Builder) error {
		for _, r := range s.rows {
			key = append(runs.AppendBucket(key[:0], r.time), s.keys[r.at:r.end]...)
			if err := w.Put(key, nil); err != nil {
				return err
			}
		}
		return nil
	})
	s.keys, s.rows = s.keys[:0], s.rows[:0]
	return err
}

func (s *timeSorter) write(add func(*runs.Builder) error) error {
	r, err := s.tier.write(runs.Layout{Bucketed: true}, add)
	if err == nil {
		s.pieces = append(s.pieces, r)
	}
	return err
}

// finish returns the run of all times; nil if there are none.
func (s *timeSorter) finish() (*coldRun, error) {
	if len(s.rows) > 0 {
		if err := s.flush(); err != nil {
			return nil, err
		}
	}
	if n := len(s.pieces); n > 1 {
		if err := s.join(); err != nil {
			return nil, err
		}
		chain(s.pieces[:n]).release()
		s.pieces = s.pieces[n:]
	}
	if len(s.pieces) == 0 {
		return nil, nil
	}
	return s.pieces[0], nil
}

// join makes one piece of those that there are.
func (s *timeSorter) join() error {
	var pieces []*runs.Iterator
	for _, piece := range s.pieces {
		pieces = append(pieces, piece.run.Rows(keyrange.All))
	}
	all := runs.Merge(pieces...)
	return s.write(func(w *runs.Builder) error {
		for all.Next() {
			if err := w.Put(all.Key(), nil); err != nil {
				return err
			}
		}
		return all.Err()
	})
}

// drop gives up what has been written.
func (s *timeSorter) drop() { chain(s.pieces).release() }
