package state

import (
	"bytes"
	"hash/crc32"
	"math"
	"slices"

	"github.com/weirstream/weir/state/runs"
)

// cold is what a table has below it: runs of rows as they were when they went down. A row in
// memory hides the one of its key there, and so does the key of one that was deleted since.
type cold struct {
	tier       *Tier
	pool       *blockPool // of the backend
	background func(work func())
	spill      func() // has everything that changed be a run
	layout     runs.Layout
	runs       []*coldRun // newest first
	flights    []*flight  // what is newer, oldest first
	merges     []*merging // of some of the runs
	fewest     int        // runs that become one
	bounds     []uint64   // the last epochs of checkpoints that the next snapshot may build on
	count      int        // rows that are not in memory
	// guessed says that count is about right only: what was restored has never been counted, or a
	// merge has left out rows that had expired, of which some may have been in memory as well.
	guessed bool
	expiry  *expiry // of the table

	due    *dueTime // of rows that come up by what is no bucket
	whole  bitmap   // rows whose cluster is in memory with all its rows
	asked  bool     // the clusters of the keys of the batch are
	hidden keySet   // keys that newer runs say are gone

	// gone finds the keys of the epoch that are gone, by where they stand in its graves.
	gone    index
	used    bitmap // rows that were looked for since the hand came by
	hand    int    // the word of rows that is next to leave
	starved bool   // none could leave, and no flight has landed since

	afloat []RowID // rows that have risen and are in no index, or were deleted
	floats bitmap  // the same

	key    []byte // that is looked for
	search *runs.Search
	keys   []byte // that the keys of clusters begin with, one behind the other
	sought []soughtKey
	times  []int64  // of entries that rise
	values []scalar // of a cluster
	rows   []RowID  // scratch
	rise   rise
}

// isEmpty reports whether all rows are in memory.
func (c *cold) isEmpty() bool { return c.count == 0 && !c.guessed }

// drop notes that so many rows that have expired are not below any more.
func (c *cold) drop(expired int) {
	if expired > 0 {
		c.count, c.guessed = max(0, c.count-expired), true
	}
}

// soughtKey is what the keys of a cluster begin with, and a selected row that names it.
type soughtKey struct {
	at, end int32
	k       int32
}

// A row that is written again makes one below it garbage, so that its run and an older one of its
// size soon become one. Rows of a Multi table are appended as a rule: to merge less often costs
// lookups more runs, and no room.
const fewestWritten, fewestAppended = 2, 8

// newCold returns what is below a table all of whose rows are in memory.
func newCold(b *Backend, t *Table) *cold {
	c := &cold{
		tier: b.tier, pool: b.pool, background: b.background, spill: func() { b.spill(t) },
		layout: runs.Layout{Bucketed: t.spec.Bucketed}, gone: newIndex(0), rise: newRise(),
		due: dueTimeOf(t.spec), fewest: fewestWritten, expiry: t.expiry, hidden: keySet{index: newIndex(0)},
	}
	if t.spec.Multi {
		c.fewest = fewestAppended
	}
	if t.spec.Within > 0 {
		c.layout.KeyPrefix = math.MaxUint16 // of one hash there may be many rows
	}
	c.search = runs.NewSearch(c.layout)
	if t.order != nil {
		c.whole = slices.Clone(t.live)
	}
	return c
}

// close lets go of all runs.
func (c *cold) close() {
	for _, f := range c.flights {
		f.release()
	}
	for _, m := range c.merges {
		m.release()
	}
	chain(c.runs).release()
	c.flights, c.merges, c.runs = nil, nil, nil
}

// bury notes the key of a row that was deleted.
func (c *cold) bury(g *graves, t *Table, r RowID) { c.index(g, g.add(t, r)) }

// index has a key of graves be found.
func (c *cold) index(g *graves, place int) { c.gone.add(shortOf(g.at(place)), RowID(place)) }

// indexGraves finds anew where graves hold their keys.
func (c *cold) indexGraves(g *graves) {
	c.gone = newIndex(0)
	for at := 0; at < len(g.keys); at += 4 + len(g.at(at)) {
		c.gone.add(shortOf(g.at(at)), RowID(at))
	}
}

// isGone reports whether the row of a key was deleted in this epoch, or in one that is not in
// runs yet.
func (c *cold) isGone(g *graves, key []byte) bool {
	short := shortOf(key)
	if g.hold(&c.gone, key, short) || c.rise.risen.has(key) {
		return true
	}
	for _, f := range c.flights {
		if f.gone.hold(&f.gone.index, key, short) || f.risen.has(key) {
			return true
		}
	}
	return false
}

// hold reports whether a key is gone. The index finds it by its short hash.
func (g *graves) hold(x *index, key []byte, short uint32) bool {
	return g.through > noBucket && runs.Bucket(key) <= g.through || g.findsIn(x, key, short)
}

// findsIn reports whether an index finds a key.
func (g *graves) findsIn(x *index, key []byte, short uint32) bool {
	for at, next := x.next(short, short); at != NoRow; at, next = x.next(short, next) {
		if bytes.Equal(g.at(int(at)), key) {
			return true
		}
	}
	return false
}

// keySet is keys that are found again.
type keySet buried

func (s *keySet) add(key []byte) {
	s.index.add(shortOf(key), RowID(s.addKey(key)))
}

func (s *keySet) has(key []byte) bool {
	return len(s.keys) > 0 && s.findsIn(&s.index, key, shortOf(key))
}

func (s *keySet) reset() {
	if len(s.keys) > 0 {
		s.keys, s.index = s.keys[:0], newIndex(0)
	}
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// shortOf is a hash of a key as runs have them.
func shortOf(key []byte) uint32 { return crc32.Checksum(key, castagnoli) }

// inTime returns all rows of runs by their bucket, or all entries with their times, from a key
// on.
func (c *cold) inTime(from []byte) *runs.Merged {
	if c.due == nil {
		return chain(c.runs).from(from)
	}
	var inputs []*runs.Iterator
	for _, r := range c.runs {
		for _, piece := range r.times {
			inputs = append(inputs, piece.rows(from))
		}
	}
	return runs.Merge(inputs...)
}

func (c *cold) bytes() int {
	n := 8*(cap(c.used)+cap(c.whole)+cap(c.floats)+cap(c.times)) + cap(c.key) + cap(c.keys) + 12*cap(c.sought) + 4*(cap(c.rows)+cap(c.afloat))
	n += c.search.Memory() + c.gone.bytes()
	for _, r := range c.runs {
		n += r.run.Meta.Memory()
		for _, piece := range r.times {
			n += piece.run.Meta.Memory()
		}
	}
	return n
}
