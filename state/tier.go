package state

import (
	"cmp"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/weirstream/weir/runtime/failure"
	"github.com/weirstream/weir/state/runs"
)

// Tier is where rows go that backends have no memory for. It is below the tables: what they
// hold in memory are the rows that were used last. Backends of several goroutines share it,
// and the memory.
type Tier struct {
	store   runs.ChunkStore
	memory  int64
	lastRun atomic.Uint64
	used    atomic.Int64 // bytes, by all backends
	holders atomic.Int64 // backends that use some
}

// NewTier returns a tier over a store that is empty. Nothing in the store is needed after a
// crash. Rows in memory take about so many bytes before some go down.
func NewTier(store runs.ChunkStore, memory int64) *Tier { return &Tier{store: store, memory: memory} }

// Used returns about how many bytes rows take in memory, and of how many backends they are.
func (t *Tier) Used() (bytes, backends int64) { return t.used.Load(), t.holders.Load() }

// nextRun returns an ID that no run of the store has had.
func (t *Tier) nextRun() runs.ID { return runs.ID(t.lastRun.Add(1)) }

// account notes that a backend uses so many bytes, which had used others before.
func (t *Tier) account(had, has int64) {
	t.used.Add(has - had)
	switch {
	case had == 0 && has > 0:
		t.holders.Add(1)
	case had > 0 && has == 0:
		t.holders.Add(-1)
	}
}

// little is the part of what others have, up to which a backend or a table gives nothing up:
// it would pay for what they hold.
const little = 8

// isOver reports whether a backend that uses so many bytes has to give some up.
func (t *Tier) isOver(has int64) bool {
	used := t.used.Load()
	return used > t.memory && has > 0 && has*little*t.holders.Load() >= used
}

// TierError says that rows could not be brought down or up. The methods of a [Table] and
// [Backend.Release] throw it ([failure.Thrown]): an operator cannot go on without its state.
type TierError struct {
	Table string
	Err   error
}

func (e *TierError) Error() string { return fmt.Sprintf("state table %q: %v", e.Table, e.Err) }

// Unwrap returns the reason.
func (e *TierError) Unwrap() error { return e.Err }

// SetTier gives the backend a place for rows that do not fit into memory. It is called
// before tables are opened. Tables whose rows are Multi, in order, expire, or are due by
// another time than their bucket stay in memory, and so do those of a table that is opened a
// second time as one of these.
func (b *Backend) SetTier(t *Tier) { b.tier = t }

// Close gives up what the backend has in memory and in its tier. Snapshots that are not
// released yet keep what they need until they are.
func (b *Backend) Close() {
	for _, t := range b.tables {
		if t.cold != nil {
			t.cold.close()
		}
	}
	if b.tier != nil {
		b.tier.account(b.held, 0)
	}
	b.tables, b.held = nil, 0
}

// hasTier reports whether rows of a table can go down.
func (b *Backend) hasTier(s TableSpec) bool {
	return b.tier != nil && !s.Multi && s.Ordered == Unordered && s.Within == 0 && s.TTL.Clock == NoClock &&
		(s.Due == NeverDue || s.Due == DueBySub && s.Bucketed)
}

// keep has a table hold all its rows in memory from now on. The next checkpoint is a full
// one: which rows have changed since the last is known to the tier alone.
func (b *Backend) keep(t *Table) {
	t.bringAll()
	t.cold.close()
	t.cold = nil
	b.base, b.pending = nil, nil
}

// relieve brings rows down where they take more memory than they may: of each table that has
// more than a little of it, those that have not been used for longest, until half of its rows
// are left. Where too much is known to be gone, it says so to the tier.
func (b *Backend) relieve() {
	if b.tier == nil {
		return
	}
	b.account()
	isOver := b.tier.isOver(b.held)
	for _, t := range b.tables {
		if t.cold == nil {
			continue
		}
		gives := isOver && t.held()*little >= b.held
		if gives || len(t.changes.epoch.gone.keys) > minGraves {
			t.spill(b.epoch)
			b.epoch++
		}
		if gives {
			t.evict((t.count + 1) / 2)
		}
	}
	if isOver {
		b.account()
	}
}

// account tells the tier how much memory rows take.
func (b *Backend) account() {
	had := b.held
	b.held = 0
	for _, t := range b.tables {
		b.held += t.held()
	}
	b.tier.account(had, b.held)
}

// held returns about how many bytes of memory the rows take.
func (t *Table) held() int64 { return int64(t.count * t.bytesPerRow()) }

// bytesPerRow returns about how many bytes of memory a row takes.
func (t *Table) bytesPerRow() int {
	if t.limit > t.measured+t.measured/8 || t.rowMemory == 0 {
		t.measured = t.limit
		t.rowMemory = t.Bytes() / int(max(t.limit, 1))
	}
	return t.rowMemory
}

// fail throws an error of the tier, if there is one.
func (t *Table) fail(err ...error) {
	if err := cmp.Or(err...); err != nil {
		panic(failure.Thrown{Err: failure.Restart(&TierError{t.spec.Name, err})})
	}
}

// spill brings what the epoch has changed in tables with a tier down, for a checkpoint.
func (b *Backend) spill() {
	for _, t := range b.tables {
		if t.cold != nil {
			t.spill(b.epoch)
		}
	}
}

// spill makes everything that changed in the epoch that ends a run. All rows in memory are
// then as the tier has them.
func (t *Table) spill(epoch uint64) {
	c := t.cold
	dirty := slices.Clone(t.changes.epoch.rows)
	dirty.and(t.live)
	gone := t.changes.epoch.gone
	if dirty.count() > 0 || len(gone.keys) > 0 || gone.through > noBucket {
		f := newFrozenTable(t, dirty, gone)
		r, err := c.write(epoch, func(w *runs.Builder) error {
			buffer := t.pool.takeBuffer()
			defer t.pool.putBuffer(buffer)
			return f.encode(w, buffer)
		})
		t.fail(err)
		c.runs, c.rise.changed = slices.Insert(c.runs, 0, r), true
		t.fail(c.merge())
	}
	t.changes.end(epoch)
	t.changes.past = nil // a checkpoint is made of runs
	c.gone = newIndex(0)
}
