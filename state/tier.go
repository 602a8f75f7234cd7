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
	used    atomic.Int64 // bytes of rows, by all backends
	known   atomic.Int64 // bytes of what is known of runs
	holders atomic.Int64 // backends that have rows
	disk    atomic.Int64 // bytes of runs in the store

	all       gauge // used and known
	snapshots gauge // what is kept while snapshots and runs are written
}

// NewTier returns a tier over a store that is empty. Nothing in the store is needed after a
// crash. Rows in memory take about so many bytes before some go down, and an eighth more
// while they do.
func NewTier(store runs.ChunkStore, memory int64) *Tier { return &Tier{store: store, memory: memory} }

// Used returns about how many bytes rows take in memory, with what is known of those below, and
// of how many backends they are.
func (t *Tier) Used() (bytes, backends int64) { return t.all.now.Load(), t.holders.Load() }

// Disk returns how many bytes the store holds, those of a checkpoint that rows are read from
// aside.
func (t *Tier) Disk() int64 { return t.disk.Load() }

// nextRun returns an ID that no run of the store has had.
func (t *Tier) nextRun() runs.ID { return runs.ID(t.lastRun.Add(1)) }

// account notes that a backend uses so many bytes, which had used others before.
func (t *Tier) account(had, has holding) {
	t.used.Add(has.rows - had.rows)
	t.known.Add(has.known - had.known)
	t.all.add(has.rows - had.rows + has.known - had.known)
	switch {
	case had.rows == 0 && has.rows > 0:
		t.holders.Add(1)
	case had.rows > 0 && has.rows == 0:
		t.holders.Add(-1)
	}
}

// holding is the memory of a backend: that of its rows, and of what it knows of those below.
// Where the latter takes more than half of what the tier has, rows still have the other half.
type holding struct {
	rows, known int64
}

// little is the part of what others have, up to which a backend or a table gives nothing up:
// it would pay for what they hold.
const little = 8

// over returns how many bytes there are too many, if a backend that uses so many has to give
// some of them up, and whether that cannot wait.
func (t *Tier) over(has int64) (bytes int64, now bool) {
	used, most := t.used.Load(), t.most()
	if used <= most || has == 0 || has*little*t.holders.Load() < used {
		return 0, false
	}
	return used - most, used > most+t.memory/margin
}

// most returns how many bytes rows may take.
func (t *Tier) most() int64 { return max(t.memory-t.known.Load(), t.memory/2) }

// margin is the part of its memory by which a tier may exceed it, until a run has been written
// that rows can leave for.
const margin = 8

// TierError says that rows could not be brought down or up. The methods of a [Table] and
// [Backend.Release] throw it ([failure.Thrown]): an operator cannot go on without its state.
type TierError struct {
	Table string
	Err   error
}

func (e *TierError) Error() string { return fmt.Sprintf("state table %q: %v", e.Table, e.Err) }

// Unwrap returns the reason.
func (e *TierError) Unwrap() error { return e.Err }

// SetTier gives the backend a place for rows that do not fit into memory, and a way to have
// work done on another goroutine, soon; nil has it done at once. A table that has all its rows
// in memory pays nothing for it. Only one whose clusters have rows of several buckets stays in
// memory: it is Bucketed, and Multi or Ordered, and not Within anything.
func (b *Backend) SetTier(t *Tier, background func(work func())) {
	if background == nil {
		background = func(work func()) { work() }
	}
	b.tier, b.background = t, background
	b.pool.held = &t.snapshots
}

// Close gives up what the backend has in memory and in its tier. Snapshots that are not
// released yet keep what they need until they are.
func (b *Backend) Close() {
	for _, t := range b.tables {
		if t.cold != nil {
			t.cold.close()
		}
	}
	if b.tier != nil {
		b.tier.account(b.held, holding{})
	}
	b.tables, b.held = nil, holding{}
}

// hasTier reports whether rows of a table can go down.
func (b *Backend) hasTier(s TableSpec) bool {
	return b.tier != nil && (!s.Bucketed || s.Within > 0 || !s.Multi && s.Ordered == Unordered)
}

// cool lets rows of a table, all of which are in memory, go down from now on. The next
// checkpoint is a full one: which rows have changed since the last is known only of those that
// were kept apart for it.
func (b *Backend) cool(t *Table) {
	t.cold = newCold(b, t)
	t.changes = newChanges()
	t.changes.epoch.rows, t.changes.born = slices.Clone(t.live), slices.Clone(t.live)
	b.base, b.pending = nil, nil
}

// keep has a table hold all its rows in memory from now on. The next checkpoint is a full
// one, too.
func (b *Backend) keep(t *Table) {
	t.bringAll()
	t.cold.close()
	t.cold = nil
	b.base, b.pending = nil, nil
}

// relieve brings rows down where they take more memory than they may: of each table that has
// more than a little of it, those that have not been used for longest. They leave a few at a
// time, so that no call takes long, unless there are far too many. Where too much is known to
// be gone, it says so to the tier.
func (b *Backend) relieve() {
	if b.tier == nil {
		return
	}
	b.lull.call(b.pool)
	b.account()
	bytes, now := b.tier.over(b.held.rows)
	for _, t := range b.tables {
		if t.cold != nil {
			t.land()
			if len(t.changes.epoch.gone.keys) > minGraves {
				b.spill(t)
			}
		}
		if bytes > 0 && t.held()*little >= b.held.rows && b.hasTier(t.spec) {
			b.shrink(t, bytes, now)
		}
	}
	if bytes > 0 {
		b.account()
	}
}

// leastGiven and mostGiven are how many rows a call has leave memory where that can wait.
const leastGiven, mostGiven = 256, 4096

// shrink has rows of a table leave memory that take so many bytes. Where too few of them are as
// the tier has them, it writes those that are not.
func (b *Backend) shrink(t *Table, bytes int64, now bool) {
	if t.cold == nil {
		b.cool(t)
	}
	want := max(int(bytes/int64(max(t.bytesPerRow(), 1))), leastGiven)
	if !now {
		want = min(want, mostGiven)
	}
	want -= t.evict(want)
	if want > 0 && len(t.cold.flights) == 0 && t.changes.epoch.rows.meets(t.live) {
		b.spill(t)
	}
	if want > 0 && now {
		t.landAll()
		t.evict(want)
	}
}

// spill ends the epoch of a table whose changes become a run.
func (b *Backend) spill(t *Table) {
	t.spill(b.epoch)
	b.epoch++
	b.lull.end()
}

// account tells the tier how much memory rows take.
func (b *Backend) account() {
	had := b.held
	b.held = holding{}
	for _, t := range b.tables {
		b.held.rows += t.held()
		if t.cold != nil {
			b.held.known += int64(t.cold.bytes())
		}
	}
	b.tier.account(had, b.held)
}

// held returns about how many bytes of memory the rows take.
func (t *Table) held() int64 { return int64(t.count * t.bytesPerRow()) }

// measureEvery is how many calls what a row takes may grow, while no row is added.
const measureEvery = 256

// bytesPerRow returns about how many bytes of memory a row takes.
func (t *Table) bytesPerRow() int {
	t.asked++
	if t.limit > t.measured+t.measured/8 || t.asked > measureEvery {
		t.measured, t.asked = t.limit, 0
		t.rowMemory = t.bytes() / int(max(t.limit, 1))
	}
	return t.rowMemory
}

// fail throws an error of the tier, if there is one.
func (t *Table) fail(err ...error) {
	if err := cmp.Or(err...); err != nil {
		err = &TierError{t.spec.Name, err}
		if failure.ClassOf(err) == failure.Unclassified { // of what was restored from, nobody can go on there
			err = failure.Restart(err)
		}
		panic(failure.Thrown{Err: err})
	}
}
