package state

import (
	"slices"
	"sync"
	"sync/atomic"
)

// making is a run that is made in the background. Who cannot wait for that makes it himself.
type making struct {
	once  sync.Once
	work  func() (*coldRun, error)
	drop  func() // where nobody makes it
	ready atomic.Bool
	run   *coldRun
	err   error
	users atomic.Int32
}

func newMaking(work func() (*coldRun, error), drop func()) *making {
	m := &making{work: work, drop: drop}
	m.users.Store(1)
	return m
}

// finish returns the run, made here or by somebody else. The caller retains it.
func (m *making) finish() (*coldRun, error) {
	m.once.Do(func() {
		m.run, m.err = m.work()
		m.ready.Store(true)
	})
	return m.run, m.err
}

func (m *making) retain() { m.users.Add(1) }

// release gives the run up, when nobody needs it any more.
func (m *making) release() {
	if m.users.Add(-1) > 0 {
		return
	}
	m.once.Do(m.drop)
	if m.run != nil {
		m.run.release()
	}
}

// flight is what an epoch has changed, on its way to be a run. Its rows stay in memory until
// it has landed; what it says is gone hides the runs that are there.
type flight struct {
	*making
	epoch uint64
	rows  bitmap // where they are now
	gone  buried
	risen risen
}

// buried is keys that are gone, and where they stand.
type buried struct {
	graves
	index index
}

// spill makes everything that changed in the epoch that ends a run.
func (t *Table) spill(epoch uint64) {
	c := t.cold
	rows := slices.Clone(t.changes.epoch.rows)
	rows.and(t.live)
	gone, risen := t.changes.epoch.gone, c.rise.end()
	if rows.count() > 0 || len(gone.keys) > 0 || gone.through > noBucket || !risen.isDropped(gone.through) {
		f := newFrozenTable(t, rows, gone)
		t.frozen = append(t.frozen, f)
		c.take(&flight{c.making(f, epoch, risen), epoch, slices.Clone(rows), buried{gone, c.gone}, risen})
	}
	t.changes.end(epoch)
	t.changes.past = nil // a checkpoint is made of runs
	c.gone = newIndex(0)
	t.land()
}

// making returns a run of the rows of a freeze, which is yet to be made.
func (c *cold) making(f *frozenTable, epoch uint64, risen risen) *making {
	rows := f.rows.count()
	if risen.isDropped(f.gone.through) {
		return newMaking(func() (*coldRun, error) { return c.encode(f, epoch, rows, f.encode) }, f.finish)
	}
	risen = risen.without(f.gone.through)
	below := chain(slices.Clone(c.runs)).retain()
	hide := func(w rowWriter, buffer *rowBuffer) error {
		h := risen.hide(w, below)
		if err := f.encode(h, buffer); err != nil {
			return err
		}
		return h.finish()
	}
	return newMaking(func() (*coldRun, error) {
		defer below.release()
		defer f.finish()
		return c.encode(f, epoch, rows, hide)
	}, func() {
		below.release()
		f.finish()
	})
}

// encode makes a run of what is written of a freeze.
func (c *cold) encode(f *frozenTable, epoch uint64, rows int, write func(rowWriter, *rowBuffer) error) (*coldRun, error) {
	buffer := f.pool.takeBuffer()
	defer f.pool.putBuffer(buffer)
	return c.write(epoch, rows, func(w rowWriter) error { return write(w, buffer) })
}

// take has a run made in the background.
func (c *cold) take(f *flight) {
	c.flights = append(c.flights, f)
	c.background(func() { _, _ = f.finish() })
}

// land takes in the runs that have been made, the oldest first. From then on rows in memory
// are as the tier has them.
func (t *Table) land() {
	for c := t.cold; len(c.flights) > 0 && c.flights[0].ready.Load(); {
		t.landOne()
	}
	t.fail(t.cold.endMerges())
}

// landAll lands all that are under way.
func (t *Table) landAll() {
	for len(t.cold.flights) > 0 {
		t.landOne()
	}
}

func (t *Table) landOne() {
	c := t.cold
	f := c.flights[0]
	run, err := f.finish()
	t.fail(err)
	c.runs, c.rise.changed, c.starved = slices.Insert(c.runs, 0, run.retain()), true, false
	for _, f := range c.flights { // a later one may have the row of a key that was deleted and made anew
		t.keepRisen(f.rows)
	}
	c.flights = slices.Delete(c.flights, 0, 1)
	f.release()
	c.merge()
	t.fail(c.endMerges())
}

// move notes that a row has another place.
func (c *cold) move(from, to RowID) {
	for _, f := range c.flights {
		f.rows.grow(int(max(from, to)) + 1)
		f.rows.move(from, to)
	}
	c.whole.grow(int(max(from, to)) + 1)
	c.whole.move(from, to)
}
