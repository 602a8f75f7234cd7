package state

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/weirstream/weir/state/runs"
)

// changes is which rows of a table have changed, epoch by epoch, as far as no
// completed checkpoint holds it. An epoch is the time between two freezes.
type changes struct {
	epoch epochChanges
	past  []epochChanges // oldest first
	born  bitmap         // rows whose key no epoch before has had in that place
}

// epochChanges is what changed in an epoch, or in several that follow each other.
type epochChanges struct {
	until uint64 // the last of the epochs
	rows  bitmap // were made or changed
	gone  graves // rows of epochs before that were deleted
}

// graves is the keys of rows that were deleted, as a run has them, each behind its
// length. They are given up where they get larger than the table: then the next
// checkpoint is a full one.
type graves struct {
	keys []byte
	full bool
	// through: rows whose bucket is that or before are gone, whatever their keys.
	through int64
}

const (
	// noBucket is before all buckets.
	noBucket = math.MinInt64
	// mostPast is how many epochs are kept apart, so that checkpoints that never
	// complete do not add up.
	mostPast = 4
)

// minGraves is what a small table may hold of keys that are gone; tests allow less.
var minGraves = 1 << 20

func newChanges() changes { return changes{epoch: epochChanges{gone: graves{through: noBucket}}} }

// grow makes room for n rows.
func (c *changes) grow(n int) {
	c.epoch.rows.grow(n)
	c.born.grow(n)
}

// make notes that a row was made.
func (c *changes) make(r RowID) {
	c.epoch.rows.set(r)
	c.born.set(r)
}

// move notes that a row has another place.
func (c *changes) move(from, to RowID) {
	c.epoch.rows.move(from, to)
	c.born.move(from, to)
	for i := range c.past {
		past := &c.past[i].rows
		past.grow(int(to) + 1)
		past.move(from, to)
	}
}

// end begins the next epoch.
func (c *changes) end(epoch uint64) {
	words := len(c.born)
	c.epoch.until = epoch
	c.past = append(c.past, c.epoch)
	if len(c.past) > mostPast {
		c.past[1].add(&c.past[0])
		c.past[1].gone.bound(64 * 8 * words)
		c.past = slices.Delete(c.past, 0, 1)
	}
	c.epoch = epochChanges{rows: make(bitmap, words), gone: graves{through: noBucket}}
	clear(c.born)
}

// forget drops what a checkpoint holds that was taken behind an epoch.
func (c *changes) forget(epoch uint64) {
	c.past = slices.DeleteFunc(c.past, func(e epochChanges) bool { return e.until <= epoch })
}

// since returns what changed behind an epoch, until the epoch that goes on.
func (c *changes) since(epoch uint64) (all epochChanges) {
	all.gone.through = noBucket
	for i := range c.past {
		if c.past[i].until > epoch {
			all.add(&c.past[i])
		}
	}
	all.add(&c.epoch)
	return all
}

// DropBuckets says that no row is left whose bucket is until or before, NULL included,
// in a table that is Bucketed. One word in a snapshot then stands for all of them.
func (t *Table) DropBuckets(until int64) {
	if t.layout.bucket < 0 {
		panic(fmt.Sprintf("state: DropBuckets on table %q, which is not Bucketed", t.spec.Name))
	}
	t.changes.epoch.gone.drop(until)
	if t.cold != nil {
		t.cold.indexGraves(&t.changes.epoch.gone)
	}
}

// drop takes out the keys that need not be known one by one.
func (g *graves) drop(until int64) {
	if until <= g.through {
		return
	}
	g.through = until
	kept := g.keys[:0]
	g.each(func(key []byte) {
		if runs.Bucket(key) > until {
			kept = append(binary.LittleEndian.AppendUint32(kept, uint32(len(key))), key...)
		}
	})
	g.keys = kept
}

// known reports whether all keys that are gone since an epoch are known.
func (c *changes) known(epoch uint64) bool {
	return !c.epoch.gone.full && !slices.ContainsFunc(c.past, func(e epochChanges) bool { return e.until > epoch && e.gone.full })
}

// add puts the changes of other epochs to these.
func (e *epochChanges) add(other *epochChanges) {
	e.rows.add(other.rows)
	e.gone.keys = append(e.gone.keys, other.gone.keys...)
	e.gone.full = e.gone.full || other.gone.full
	e.gone.through = max(e.gone.through, other.gone.through)
}

// bury notes the key of a row that was deleted.
func (g *graves) bury(t *Table, r RowID) {
	if g.full {
		return
	}
	g.add(t, r)
	g.bound(t.hash.bytes())
}

// add appends the key of a row, and returns where it stands.
func (g *graves) add(t *Table, r RowID) (place int) {
	place = len(g.keys)
	g.keys = t.layout.appendKey(binary.LittleEndian.AppendUint32(g.keys, 0), &t.columns, r)
	binary.LittleEndian.PutUint32(g.keys[place:], uint32(len(g.keys)-place-4))
	return place
}

// addKey appends a key, and returns where it stands.
func (g *graves) addKey(key []byte) (place int) {
	place = len(g.keys)
	g.keys = append(binary.LittleEndian.AppendUint32(g.keys, uint32(len(key))), key...)
	return place
}

// at returns the key that stands at a place.
func (g *graves) at(place int) []byte {
	n := int(binary.LittleEndian.Uint32(g.keys[place:]))
	return g.keys[place+4:][:n]
}

// bound gives the keys up where they take more than the hashes of the table do.
func (g *graves) bound(hashes int) {
	if n := len(g.keys); n > minGraves && n > hashes {
		g.keys, g.full = nil, true
	}
}

// each calls do for each key that is gone.
func (g *graves) each(do func(key []byte)) {
	for place := 0; place < len(g.keys); {
		key := g.at(place)
		place += 4 + len(key)
		do(key)
	}
}

func (c *changes) bytes() int {
	n := 8*(cap(c.epoch.rows)+cap(c.born)) + cap(c.epoch.gone.keys)
	for i := range c.past {
		n += 8*cap(c.past[i].rows) + cap(c.past[i].gone.keys)
	}
	return n
}
