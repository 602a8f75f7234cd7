package state

import (
	"bytes"
	"hash/crc32"

	"github.com/weirstream/weir/state/runs"
)

// cold is what a table has below it: runs of rows as they were when they went down. A row in
// memory hides the one of its key there, and so does the key of one that was deleted since.
type cold struct {
	tier       *Tier
	background func(work func())
	layout     runs.Layout
	runs       []*coldRun // newest first
	flights    []*flight  // what is newer, oldest first
	merges     []*merging // of some of the runs
	bounds     []uint64   // the last epochs of checkpoints that the next snapshot may build on
	count      int        // rows that are not in memory
	guessed    bool       // count is about right only: what was restored has never been counted

	// gone finds the keys of the epoch that are gone, by where they stand in its graves.
	gone    index
	used    bitmap // rows that were looked for since the hand came by
	hand    int    // the word of rows that is next to leave
	starved bool   // none could leave, and no flight has landed since

	key    []byte // that is looked for
	search *runs.Search
	rise   rise
}

// isEmpty reports whether all rows are in memory.
func (c *cold) isEmpty() bool { return c.count == 0 && !c.guessed }

func newCold(tier *Tier, background func(func()), s TableSpec) *cold {
	layout := runs.Layout{Bucketed: s.Bucketed}
	return &cold{tier: tier, background: background, layout: layout, gone: newIndex(0), search: runs.NewSearch(layout), rise: newRise()}
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
func (c *cold) bury(g *graves, t *Table, r RowID) {
	place := g.add(t, r)
	c.gone.add(shortOf(g.at(place)), RowID(place))
}

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
	if g.hold(&c.gone, key, short) {
		return true
	}
	for _, f := range c.flights {
		if f.gone.hold(&f.gone.index, key, short) {
			return true
		}
	}
	return false
}

// hold reports whether a key is gone. The index finds it by its short hash.
func (g *graves) hold(x *index, key []byte, short uint32) bool {
	if g.through > noBucket && runs.Bucket(key) <= g.through {
		return true
	}
	for at, next := x.next(short, short); at != NoRow; at, next = x.next(short, next) {
		if bytes.Equal(g.at(int(at)), key) {
			return true
		}
	}
	return false
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// shortOf is a hash of a key as runs have them.
func shortOf(key []byte) uint32 { return crc32.Checksum(key, castagnoli) }

// rows returns all rows of runs from a key on.
func (c *cold) rows(from []byte) *runs.Merged {
	inputs := make([]*runs.Iterator, len(c.runs))
	for i, r := range c.runs {
		inputs[i] = r.rows(from)
	}
	return runs.Merge(inputs...)
}

func (c *cold) bytes() int {
	n := 8*cap(c.used) + cap(c.key) + c.search.Memory() + c.gone.bytes()
	for _, r := range c.runs {
		n += r.run.Meta.Memory()
	}
	return n
}
