package state

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"sync/atomic"

	"github.com/weirstream/weir/state/keyrange"
	"github.com/weirstream/weir/state/runs"
)

// coldRun is a run below a table: of the tier's store, or of an object that the table was
// restored from. Table and snapshots hold on to it; who lets go last closes it.
type coldRun struct {
	epoch  uint64 // the last whose changes are in it
	whole  uint64 // the epoch until which it does not say what rows are gone, since it had all; 0 is none
	run    runs.Run
	extent extent
	close  func()

	lookup *runs.Iterator // of clusters, by the table
	times  chain          // of its rows, where they do not come up by bucket and there are any
	users  atomic.Int32

	expired int // how many rows were left out when it was made
}

// extent is which rows of a run count. What a store has is all there for the table; an object
// may have been written by a subtask that had other keys.
type extent struct {
	keys  keyrange.Range
	ahead func() runs.ChunkReader // reads for one iterator; nil is the run's reader
}

// rows returns an iterator over the rows that count, from a key on.
func (r *coldRun) rows(from []byte) *runs.Iterator {
	run := r.run
	if r.extent.ahead != nil {
		run.Chunks = r.extent.ahead()
	}
	it := run.Rows(r.extent.keys)
	if from != nil {
		it.Start(from)
	}
	return it
}

// write makes a run of what add puts into it, which is about so many rows, and those of its times.
func (c *cold) write(epoch uint64, rows int, add func(rowWriter) error) (*coldRun, error) {
	return c.writeWith(c.newSorter(rows), mostPieces, epoch, add)
}

// writeWith makes a run of what add puts into it, and at most so many of times.
func (c *cold) writeWith(times timeSorter, most int, epoch uint64, add func(rowWriter) error) (*coldRun, error) {
	r, err := c.tier.write(c.layout, func(b *runs.Builder) error {
		if times.of == nil {
			return add(b)
		}
		return add(&timedWriter{b, &times})
	})
	if err != nil {
		times.drop()
		return nil, err
	}
	r.epoch = epoch
	if r.times, err = times.finish(most); err != nil {
		times.drop()
		r.release()
		return nil, err
	}
	return r, nil
}

// write makes a run of what add puts into it.
func (t *Tier) write(layout runs.Layout, add func(*runs.Builder) error) (*coldRun, error) {
	id := t.nextRun()
	w, err := t.store.Create(id)
	if err != nil {
		return nil, err
	}
	b := runs.NewBuilder(id.String(), w, layout)
	err = add(b)
	var meta *runs.Meta
	if err == nil {
		meta, err = b.Finish()
	}
	if err = errors.Join(err, w.Close()); err != nil {
		return nil, errors.Join(err, t.store.Drop(id))
	}
	reader, err := t.store.Open(id)
	if err != nil {
		return nil, errors.Join(err, t.store.Drop(id))
	}
	t.disk.Add(meta.Bytes())
	// What the store says to a drop is of no importance: it holds a run too many.
	drop := func() {
		_, _ = reader.Close(), t.store.Drop(id)
		t.disk.Add(-meta.Bytes())
	}
	run := runs.Run{Name: id.String(), Meta: meta, Chunks: reader}
	return newColdRun(0, run, extent{keys: keyrange.All}, drop), nil
}

// newColdRun returns a run that the caller holds on to.
func newColdRun(epoch uint64, run runs.Run, e extent, close func()) *coldRun {
	r := &coldRun{epoch: epoch, run: run, extent: e, close: close}
	r.lookup = run.Rows(e.keys)
	r.users.Store(1)
	return r
}

func (r *coldRun) retain() *coldRun {
	r.users.Add(1)
	return r
}

// release closes the run when nobody needs it any more.
func (r *coldRun) release() {
	if r.users.Add(-1) > 0 {
		return
	}
	r.close()
	r.times.release()
}

// mostRuns is how many runs a table may have before it waits for a merge.
const mostRuns = 16

// merging is runs that are becoming one.
type merging struct {
	*making
	inputs chain
}

// merge begins to make one run of the newest ones as long as the next older one is not larger
// than twice those together. So there are few runs, each much larger than the one before, and
// the oldest has most of the rows. Beside a merge of large runs, smaller ones go on in front.
//
// Runs on both sides of a checkpoint that the next snapshot may build on stay apart, or it would
// hold what that has already.
func (c *cold) merge() {
	for first := 0; first < len(c.runs); {
		behind := c.segment(first)
		c.mergeIn(first, behind)
		first = behind
	}
}

// segment returns the first run behind those that may become one with a run.
func (c *cold) segment(first int) (behind int) {
	isApart := func(epoch uint64) bool { return c.runs[behind].epoch <= epoch && epoch < c.runs[first].epoch }
	for behind = first + 1; behind < len(c.runs) && !slices.ContainsFunc(c.bounds, isApart); behind++ {
	}
	return behind
}

// mergeIn begins a merge of runs from one on.
func (c *cold) mergeIn(first, behind int) {
	n := first
	for size := int64(0); n < behind && !c.isMerging(c.runs[n]) && (n == first || c.runs[n].run.Meta.Bytes() <= 2*size); n++ {
		size += c.runs[n].run.Meta.Bytes()
	}
	if n-first < c.fewest {
		return
	}
	inputs := chain(slices.Clone(c.runs[first:n])).retain()
	whole := n == len(c.runs) && inputs.isMostlyGone()
	expired := c.expiredNow()
	m := &merging{newMaking(func() (*coldRun, error) { return c.mergeOf(inputs, whole, expired) }, inputs.release), inputs}
	c.merges = append(c.merges, m)
	c.background(func() { _, _ = m.finish() })
}

// isMerging reports whether a run is becoming one with others.
func (c *cold) isMerging(r *coldRun) bool {
	return slices.ContainsFunc(c.merges, func(m *merging) bool { return slices.Contains(m.inputs, r) })
}

// mergeOf makes one run of several, of which it lets go. Of a whole table it leaves out what
// says that rows are gone.
func (c *cold) mergeOf(inputs chain, whole bool, expired expiredRows) (*coldRun, error) {
	defer inputs.release()
	merged, err := c.writeWith(c.timesOfAll(inputs), 1, inputs[0].epoch, func(w rowWriter) error { return inputs.copyTo(w, !whole, &expired) })
	if err != nil {
		return nil, err
	}
	merged.expired = expired.count
	if whole {
		merged.whole = merged.epoch
	}
	for _, r := range inputs {
		merged.whole = max(merged.whole, r.whole)
	}
	return merged, nil
}

// endMerges has merges that are done take the place of their inputs, and begins others. It
// waits for the smallest where there are too many runs.
func (c *cold) endMerges() error {
	for {
		m := c.mergeToEnd()
		if m == nil {
			return nil
		}
		merged, err := m.finish()
		if err != nil {
			return err
		}
		c.merges = slices.DeleteFunc(c.merges, func(o *merging) bool { return o == m })
		at := slices.Index(c.runs, m.inputs[0])
		c.runs = slices.Replace(c.runs, at, at+len(m.inputs), merged.retain())
		c.rise.changed = true
		c.drop(merged.expired)
		c.background(m.inputs.release) // it takes its time to remove a large file
		m.release()
		c.merge()
	}
}

// mergeToEnd returns a merge that is done, or else one to wait for; nil is none.
func (c *cold) mergeToEnd() (smallest *merging) {
	for _, m := range c.merges {
		if m.ready.Load() {
			return m
		}
		if len(c.runs) > mostRuns && (smallest == nil || m.inputs.bytes() < smallest.inputs.bytes()) {
			smallest = m
		}
	}
	return smallest
}

// chain is runs of a table, newest first.
type chain []*coldRun

// fewTombstones is how many a table may have in any case; tests allow less.
var fewTombstones uint64 = 1 << 10

// isMostlyGone reports whether more than half of what the runs hold says that rows are gone.
// Then the oldest run is written without that, though the next checkpoint has to be a full
// one if the run is newer than the last.
func (c chain) isMostlyGone() bool {
	var tombstones, entries uint64
	for _, r := range c {
		tombstones, entries = tombstones+r.run.Meta.Tombstones(), entries+r.run.Meta.Entries()
	}
	return tombstones > fewTombstones && tombstones > entries/2
}

// frozenBelow is the rows of a table with a tier at a freeze, or what of them has changed since
// the last completed checkpoint: in runs, and in those that are still being made.
type frozenBelow struct {
	flights []*flight // oldest first
	runs    chain
	onOlder bool // they build on a checkpoint
}

// since takes hold of what changed behind an epoch; nil is all rows.
func (c *cold) since(epoch *uint64) *frozenBelow {
	b := &frozenBelow{onOlder: epoch != nil}
	for _, f := range c.flights {
		if epoch == nil || f.epoch > *epoch {
			f.making.retain()
			b.flights = append(b.flights, f)
		}
	}
	for _, r := range c.runs {
		if epoch == nil || r.epoch > *epoch {
			b.runs = append(b.runs, r.retain())
		}
	}
	return b
}

// copyTo writes the rows.
func (b *frozenBelow) copyTo(w rowWriter) error {
	var all chain
	for _, f := range slices.Backward(b.flights) {
		r, err := f.finish()
		if err != nil {
			return err
		}
		all = append(all, r)
	}
	return append(all, b.runs...).copyTo(w, b.onOlder, &expiredRows{})
}

func (b *frozenBelow) release() {
	for _, f := range b.flights {
		f.making.release()
	}
	b.runs.release()
}

// isWhole reports whether what changed behind an epoch is not known: its run has become one
// with the rows that were there before.
func (c *cold) isWhole(epoch uint64) bool {
	return slices.ContainsFunc(c.runs, func(r *coldRun) bool { return r.whole > epoch })
}

func (c chain) bytes() (n int64) {
	for _, r := range c {
		n += r.run.Meta.Bytes()
	}
	return n
}

func (c chain) retain() chain {
	for _, r := range c {
		r.retain()
	}
	return c
}

func (c chain) release() {
	for _, r := range c {
		r.release()
	}
}

// from returns the rows that the runs hold together, from a key on; nil is all of them. Of a run
// nothing is read that newer ones have dropped.
func (c chain) from(key []byte) *runs.Merged {
	inputs := make([]*runs.Iterator, len(c))
	for i, r := range c {
		inputs[i] = r.rows(key)
		if until, drops := r.run.Meta.Dropped(); drops && bytes.Compare(key, behindBucket(until)) < 0 {
			key = behindBucket(until)
		}
	}
	return runs.Merge(inputs...)
}

// copyTo writes what the runs hold together: also what is gone, if there are older runs. Rows
// that have expired are gone.
func (c chain) copyTo(w rowWriter, onOlder bool, expired *expiredRows) error {
	if through, ok := c.dropped(); ok && onOlder {
		if err := w.DropBuckets(through); err != nil {
			return err
		}
	}
	chunks, _ := w.(chunkWriter)
	if expired.layout.expires { // each row is to be looked at
		chunks = nil
	}
	for all := c.from(nil); ; {
		if !all.NextEntry() {
			return all.Err()
		}
		if chunks != nil {
			taken, err := chunks.TakeChunk(all, onOlder)
			if err != nil {
				return err
			}
			if taken {
				continue
			}
		}
		if err := copyEntry(w, all, onOlder, expired); err != nil {
			return err
		}
	}
}

// copyEntry is copyTo of one entry.
func copyEntry(w rowWriter, from *runs.Merged, onOlder bool, expired *expiredRows) error {
	switch {
	case !from.Deleted() && !expired.take(from.Value()):
		return w.Put(from.Key(), from.Value())
	case onOlder:
		return w.Delete(from.Key())
	}
	return nil
}

// dropped returns up to which bucket the rows of older runs are gone, if any are.
func (c chain) dropped() (through int64, ok bool) {
	through = math.MinInt64
	for _, r := range c {
		if until, drops := r.run.Meta.Dropped(); drops {
			through, ok = max(through, until), true
		}
	}
	return through, ok
}
