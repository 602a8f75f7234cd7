package state

import (
	"math/bits"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// frozenTable is the rows of a table as they were at a freeze. Nothing is copied
// then: whoever encodes the Frozen reads the rows in place, granule by granule, and
// the owner, before it changes a row for the first time, saves it as it was unless it
// has been read. So neither waits for the other for longer than a granule takes, and
// what is held twice is only what changes meanwhile.
//
// Where there are many rows they are taken in passes, a part of their order at a
// time, so that what is held of them is bounded, too.
type frozenTable struct {
	pool    *blockPool
	layout  layout
	rows    bitmap  // to be written
	columns columns // whose words the owner changes only where it has saved the row
	passes  passes
	gone    graves

	below *frozenBelow // where the rows, of a table with a tier, are; then nothing else is set

	granules []atomic.Uint32 // passes that were taken << 1, + 1 while somebody has claimed it
	changed  bitmap          // of rows, those that the owner has changed since; bits belong to the claimer

	pass []uint8 // that takes each row, of several; known once the first has been taken
	key  []byte  // scratch of the owner

	mu   sync.Mutex
	undo []rowLog // by pass

	done atomic.Bool // no row is read any more
}

// granuleRows is how many rows are claimed together, a few dozen microseconds' work; and after
// how many granules others have a turn.
const (
	granuleRows   = 512
	granulesATurn = 8
)

func newFrozenTable(t *Table, rows bitmap, gone graves) *frozenTable {
	f := &frozenTable{
		pool: t.pool, layout: t.layout, rows: rows, columns: t.columns.view(), gone: gone,
		granules: make([]atomic.Uint32, (64*len(rows)+granuleRows-1)/granuleRows), changed: make(bitmap, len(rows)),
	}
	f.passes = f.planPasses(t.passBytes(), t.rowBytes(), t.mostPasses())
	f.undo = make([]rowLog, f.passes.count())
	if f.passes.count() > 1 {
		f.pass = make([]uint8, 64*len(rows))
	}
	return f
}

// claim makes the rows of a granule the caller's, and returns how many passes have
// taken theirs.
func (f *frozenTable) claim(granule int) (passed uint32) {
	for spins := 1; ; spins++ {
		free := f.granules[granule].Load() &^ 1
		if f.granules[granule].CompareAndSwap(free, free|1) {
			return free >> 1
		}
		if spins%64 == 0 {
			runtime.Gosched()
		}
	}
}

func (f *frozenTable) unclaim(granule int, passed uint32) { f.granules[granule].Store(passed << 1) }

// save keeps a row that the owner is about to change, unless it was read already.
func (f *frozenTable) save(c *columns, r RowID) {
	if !f.rows.has(r) || f.done.Load() {
		return
	}
	granule := int(r / granuleRows)
	passed := f.claim(granule)
	defer f.unclaim(granule, passed)
	if f.changed.has(r) {
		return
	}
	f.changed.set(r) // also where it was taken: from now on it may look like one of a later pass
	pass := f.passOf(c, r, &f.key)
	if pass < int(passed) {
		return
	}
	f.mu.Lock()
	f.undo[pass].add(f.pool, f.layout, c, r)
	f.mu.Unlock()
}

// finish lets the owner save no more rows, and lets go of what was held.
func (f *frozenTable) finish() {
	if !f.done.Swap(true) && f.below != nil {
		f.below.release()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.columns, f.gone, f.pass = columns{}, graves{}, nil
	for i := range f.undo {
		f.pool.put(f.undo[i].blocks)
		f.undo[i] = rowLog{}
	}
}

// take puts the rows of a pass into a buffer.
func (f *frozenTable) take(pass int, to *rowBuffer) {
	to.expect(f.rows.count() / f.passes.count())
	for g := range f.granules {
		f.claim(g)
		f.takeGranule(g, pass, to)
		f.unclaim(g, uint32(pass)+1)
		if g%granulesATurn == 0 {
			runtime.Gosched() // the owner goes first
		}
	}
	f.mu.Lock()
	to.putLog(f.layout, &f.undo[pass])
	f.undo[pass] = rowLog{}
	f.mu.Unlock()
	f.gone.each(func(key []byte) {
		first, last := f.passes.of(f.layout.prefixOf(key))
		if f.passes.ofKey(first, last, key) == pass {
			to.putGone(f.layout, key)
		}
	})
}

func (f *frozenTable) takeGranule(g, pass int, to *rowBuffer) {
	const words = granuleRows / 64
	for w := g * words; w < min(len(f.rows), (g+1)*words); w++ {
		for rows := f.rows[w] &^ f.changed[w]; rows != 0; rows &= rows - 1 {
			r := RowID(w<<6 + bits.TrailingZeros64(rows))
			if pass == 0 && f.pass != nil {
				f.pass[r] = uint8(f.passOf(&f.columns, r, &to.row))
			}
			if f.pass == nil || int(f.pass[r]) == pass {
				to.put(f.layout, &f.columns, r)
			}
		}
	}
}

// preserve has those who still read row r as it was keep it.
func (t *Table) preserve(r RowID) {
	if len(t.frozen) == 0 {
		return
	}
	for _, f := range t.frozen {
		f.save(&t.columns, r)
	}
	t.prune()
}

// prune drops those who have read all rows.
func (t *Table) prune() {
	t.frozen = slices.DeleteFunc(t.frozen, func(f *frozenTable) bool { return f.done.Load() })
}
